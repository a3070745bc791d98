package io.gatehouse.enrollment.app;

import static io.gatehouse.enrollment.app.House.done;
import static io.gatehouse.enrollment.app.House.reason;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.enrollment.app.Maker.Idevid;
import io.gatehouse.enrollment.app.Maker.Order;
import io.gatehouse.enrollment.app.domain.FactoryRule;
import io.gatehouse.enrollment.app.domain.FactoryRule.IdSource;
import io.gatehouse.enrollment.app.domain.Outcome;
import io.gatehouse.identity.RefusalReason;
import io.gatehouse.testkit.Keys;
import io.gatehouse.x509.Pem;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Which factory certificates lead to a maker that is trusted; each fault by itself. */
class FactoryPathTest {
    private static final Instant NOW = Instant.now();
    private static final Maker ROOT = Maker.root("Maker root");
    private static final Maker FACTORY = ROOT.intermediate("Factory 1", order -> {});

    @Test
    void takes_a_device_of_a_factory_under_the_root_and_one_of_the_root_itself() {
        done(judged(FACTORY.device("pump-1"), ROOT));
        done(judged(ROOT.device("pump-2"), ROOT));
    }

    @Test
    void an_anchor_need_not_be_a_root_and_what_is_sent_above_it_does_not_matter() {
        var device = FACTORY.device("pump-1");
        var more = new ArrayList<>(device.chain());
        more.add(ROOT.certificate);
        more.add(Maker.root("Other").certificate);

        done(judged(device, FACTORY));
        done(FactoryPath.judge(List.of(device.leaf()), rule(false, FACTORY), NOW));
        done(FactoryPath.judge(more, rule(false, FACTORY), NOW));
    }

    @Test
    void of_two_anchors_with_one_name_the_one_that_signed_counts() {
        var other = Maker.root("Maker root");

        done(judged(FACTORY.device("pump-1"), other, ROOT));
        assertThat(reason(judged(FACTORY.device("pump-1"), other))).isEqualTo(RefusalReason.UNKNOWN_ISSUER);
    }

    static Stream<Arguments> faults() {
        return Stream.of(
                fault("weak key", RefusalReason.WEAK_KEY, order -> {
                    order.key = Keys.rsa(1024);
                }),
                fault("for signing certificates only", RefusalReason.BAD_CERTIFICATE, order -> {
                    order.usage = KeyUsage.keyCertSign;
                }),
                fault("an authority itself", RefusalReason.BAD_CERTIFICATE, order -> {
                    order.authority = true;
                    order.usage = KeyUsage.keyCertSign | KeyUsage.digitalSignature;
                }),
                fault("for servers only", RefusalReason.BAD_CERTIFICATE, order -> {
                    order.purposes.add(KeyPurposeId.id_kp_serverAuth);
                }),
                fault("with a critical extension that nobody knows", RefusalReason.BAD_CERTIFICATE, order -> {
                    order.unknownCritical = true;
                }),
                fault("of version 1", RefusalReason.BAD_CERTIFICATE, order -> order.versionOne = true),
                fault("signed with SHA-1", RefusalReason.BAD_CERTIFICATE, order -> order.signature = "SHA1withECDSA"),
                fault("signed by another key", RefusalReason.UNKNOWN_ISSUER, order -> order.signer = Keys.p256()),
                fault("of the future", RefusalReason.NOT_YET_VALID, order -> {
                    order.from = NOW.plus(Duration.ofDays(1));
                }),
                fault("expired", RefusalReason.EXPIRED, order -> order.to = NOW.minus(Duration.ofDays(1))));
    }

    private static Arguments fault(String name, RefusalReason reason, Consumer<Order> change) {
        return Arguments.of(name, reason, change);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("faults")
    void refuses_a_certificate(String name, RefusalReason reason, Consumer<Order> change) {
        var device = FACTORY.device("SERIALNUMBER=pump-1", change);

        assertThat(reason(judged(device, ROOT))).isEqualTo(reason);
    }

    static Stream<Arguments> authorities() {
        return Stream.of(
                fault("that is none", RefusalReason.BAD_CERTIFICATE, order -> order.authority = false),
                fault("that may not sign", RefusalReason.BAD_CERTIFICATE, order -> {
                    order.usage = KeyUsage.digitalSignature;
                }),
                fault("of version 1", RefusalReason.BAD_CERTIFICATE, order -> order.versionOne = true),
                fault("with a weak key", RefusalReason.WEAK_KEY, order -> {
                    order.key = Keys.rsa(1024);
                }),
                fault("that has expired", RefusalReason.EXPIRED, order -> order.to = NOW.minus(Duration.ofDays(1))),
                fault("that permits other names only", RefusalReason.BAD_CERTIFICATE, order -> {
                    order.permitted.add("O=Elsewhere");
                }));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("authorities")
    void refuses_an_authority_between(String name, RefusalReason reason, Consumer<Order> change) {
        Consumer<Order> leaf = order -> order.signature = name.contains("weak") ? "SHA256withRSA" : order.signature;
        var device = ROOT.intermediate("Factory 2", change).device("SERIALNUMBER=pump-1,O=Maker", leaf);

        assertThat(reason(judged(device, ROOT))).isEqualTo(reason);
    }

    @Test
    void holds_what_an_anchor_says_of_path_length_time_and_names_against_the_path() {
        var near = Maker.root("Near", order -> order.pathLength = 0);
        var ended = Maker.root("Ended", order -> order.to = NOW.minus(Duration.ofDays(1)));
        var narrow = Maker.root("Narrow", order -> order.permitted.add("O=Elsewhere"));

        done(judged(near.device("pump-1"), near));
        assertThat(reason(judged(near.intermediate("Factory", order -> {}).device("pump-1"), near)))
                .isEqualTo(RefusalReason.BAD_CERTIFICATE);
        assertThat(reason(judged(ended.device("pump-1"), ended))).isEqualTo(RefusalReason.EXPIRED);
        assertThat(reason(judged(narrow.device("pump-1"), narrow))).isEqualTo(RefusalReason.BAD_CERTIFICATE);
        done(judged(narrow.device("O=Elsewhere,SERIALNUMBER=pump-1", order -> {}), narrow));
    }

    @Test
    void an_anchor_that_constrains_names_and_is_no_root_is_no_anchor() {
        var narrow = ROOT.intermediate("Narrow", order -> order.permitted.add("O=Elsewhere"));

        assertThat(reason(FactoryAnchors.sound(Pem.write(narrow.certificate)))).isEqualTo(RefusalReason.BAD_REQUEST);
    }

    @Test
    void expired_ones_are_taken_by_explicit_choice_when_the_whole_path_was_good_together_once() {
        var old = ROOT.intermediate("Old", order -> {
            order.from = NOW.minus(Duration.ofDays(900));
            order.to = NOW.minus(Duration.ofDays(300));
        });
        var device = old.device("SERIALNUMBER=pump-1", order -> order.to = NOW.minus(Duration.ofDays(500)));
        var later = old.device("SERIALNUMBER=pump-1", order -> order.from = NOW.minus(Duration.ofDays(200)));

        assertThat(reason(judged(device, ROOT))).isEqualTo(RefusalReason.EXPIRED);
        assertThat(reason(FactoryPath.judge(device.chain(), rule(true, ROOT), NOW)))
                .as("the root is younger than its end")
                .isEqualTo(RefusalReason.NOT_YET_VALID);
        var oldRoot = Maker.root("Old root", order -> order.from = NOW.minus(Duration.ofDays(1000)));
        var older = oldRoot.intermediate("Old", order -> {
            order.from = NOW.minus(Duration.ofDays(900));
            order.to = NOW.minus(Duration.ofDays(300));
        });
        done(FactoryPath.judge(older.device("pump-1").chain(), rule(true, oldRoot), NOW));
        assertThat(reason(FactoryPath.judge(later.chain(), rule(true, ROOT), NOW)))
                .isEqualTo(RefusalReason.NOT_YET_VALID);
    }

    @Test
    void long_and_circular_chains_end() {
        var deep = ROOT;
        for (int i = 0; i < 8; i++) {
            deep = deep.intermediate("Factory " + i, order -> {});
        }
        var tooDeep = judged(deep.device("pump-1"), ROOT);
        assertThat(reason(tooDeep)).isIn(RefusalReason.BAD_CERTIFICATE, RefusalReason.UNKNOWN_ISSUER);

        var device = FACTORY.device("pump-1");
        var repeated = new ArrayList<X509Certificate>(List.of(device.leaf()));
        repeated.addAll(Collections.nCopies(50, FACTORY.certificate));
        done(FactoryPath.judge(repeated, rule(false, ROOT), NOW));
        assertThat(reason(FactoryPath.judge(repeated, rule(false, Maker.root("Other")), NOW)))
                .isEqualTo(RefusalReason.UNKNOWN_ISSUER);
    }

    @Test
    void the_id_stands_exactly_once_where_the_rule_says() {
        var both = ROOT.device("SERIALNUMBER=pump-1,CN=Pump One", order -> {}).leaf();
        var twice = ROOT.device("SERIALNUMBER=pump-1,SERIALNUMBER=pump-2", order -> {})
                .leaf();
        var odd = ROOT.device("SERIALNUMBER=a/b", order -> {}).leaf();

        assertThat(done(FactoryCertificates.device(both, IdSource.SERIAL_NUMBER))
                        .value())
                .isEqualTo("pump-1");
        for (var refused : List.of(
                FactoryCertificates.device(both, IdSource.COMMON_NAME),
                FactoryCertificates.device(twice, IdSource.SERIAL_NUMBER),
                FactoryCertificates.device(twice, IdSource.COMMON_NAME),
                FactoryCertificates.device(odd, IdSource.SERIAL_NUMBER))) {
            assertThat(reason(refused)).isEqualTo(RefusalReason.BAD_CERTIFICATE);
        }
    }

    private static Outcome<X509Certificate> judged(Idevid device, Maker... anchors) {
        return FactoryPath.judge(device.chain(), rule(false, anchors), NOW);
    }

    private static FactoryRule rule(boolean acceptExpired, Maker... anchors) {
        var pem = Pem.write(Stream.of(anchors).map(maker -> maker.certificate).toList());
        return new FactoryRule(pem, IdSource.SERIAL_NUMBER, acceptExpired);
    }
}
