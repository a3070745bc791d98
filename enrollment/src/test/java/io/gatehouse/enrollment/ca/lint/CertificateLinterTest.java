package io.gatehouse.enrollment.ca.lint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.gatehouse.enrollment.ca.profile.UnsignedCertificate;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CertificateLinterTest {
    private final CertificateLinter linter = new CertificateLinter();

    static Stream<Faulty> every_fault() {
        return Stream.of(FaultyHead.all(), FaultyExtensions.all(), FaultyResponder.all())
                .flatMap(List::stream);
    }

    @ParameterizedTest
    @MethodSource
    void every_fault(Faulty faulty) {
        assertThatThrownBy(() -> linter.lint(faulty.certificate()))
                .asInstanceOf(type(LintException.class))
                .satisfies(e -> assertThat(e.faults())
                        .as(faulty.name())
                        .anyMatch(fault -> fault.startsWith(faulty.rule() + ": ")));
    }

    static List<UnsignedCertificate> every_sound_profile() {
        return List.of(
                Sound.DEVICE,
                Sound.SERVER,
                Sound.FEED,
                Sound.DEVICES_CA,
                Sound.SERVICES_CA,
                Sound.ROOT,
                Sound.RESPONDER);
    }

    @ParameterizedTest
    @MethodSource
    void every_sound_profile(UnsignedCertificate sound) {
        assertThat(linter.lint(sound).tbs()).isEqualTo(sound.tbs());
    }

    @Test
    void every_rule_is_broken_by_some_certificate() {
        var broken = every_fault().map(Faulty::rule).collect(Collectors.toSet());

        assertThat(CertificateLinter.rules())
                .extracting(rule -> rule.getClass().getSimpleName())
                .containsExactlyInAnyOrderElementsOf(broken);
    }

    @Test
    void bytes_that_are_no_certificate_are_not_signed() {
        var garbage = new UnsignedCertificate(Sound.DEVICE.draft(), Sound.DEVICE.issuer(), new byte[] {0x30, 1, 2});

        assertThatThrownBy(() -> linter.lint(garbage)).isInstanceOf(LintException.class);
    }
}
