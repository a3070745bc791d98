package io.gatehouse.enrollment.ca;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.enrollment.app.port.RegistryUnavailable;
import io.gatehouse.enrollment.app.port.View.StoredCrl;
import io.gatehouse.enrollment.ca.crl.PublishedCrl;
import io.gatehouse.enrollment.config.ServiceConfig;
import io.gatehouse.testkit.MutableClock;
import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScheduledCrlsTest {
    private static final Instant NOW = Instant.parse("2026-11-23T11:00:00.250Z");
    private static final ServiceConfig CONFIG = ServiceConfig.defaults();

    private final MutableClock clock = MutableClock.at(NOW);
    private final Hierarchies hierarchies = Hierarchies.inMemory(CONFIG, clock);
    private final RegistryOfCrls registry = new RegistryOfCrls(hierarchies.certificate(AuthorityName.DEVICES));
    private final ManualExecutor executor = new ManualExecutor(clock);
    private final ScheduledCrls crls = crls();

    @Test
    void after_the_start_all_four_are_there() throws GeneralSecurityException {
        crls.start();

        for (var name : AuthorityName.values()) {
            var crl = crls.current(name);
            var issuer = hierarchies.certificate(name);
            parsed(crl).verify(issuer.getPublicKey());
            assertThat(parsed(crl).getIssuerX500Principal()).isEqualTo(issuer.getSubjectX500Principal());
        }
    }

    @Test
    void before_the_start_there_is_none_to_serve() {
        assertThatThrownBy(() -> crls.current(AuthorityName.DEVICES)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void lists_what_the_registry_lists() throws GeneralSecurityException {
        registry.revoke(5, NOW.minusSeconds(9), 1, NOW.plusSeconds(99));
        registry.revoke(6, NOW.minusSeconds(9), 6, NOW.plusSeconds(99));

        crls.start();

        var crl = parsed(crls.current(AuthorityName.DEVICES));
        assertThat(crl.getRevokedCertificates()).hasSize(2);
        assertThat(crl.getRevokedCertificate(BigInteger.valueOf(6))
                        .getRevocationReason()
                        .ordinal())
                .isEqualTo(6);
        assertThat(crls.current(AuthorityName.SERVICES).entries()).isZero();
    }

    @Test
    void a_revocation_is_listed_after_at_most_a_second() {
        crls.start();
        registry.revoke(5, clock.instant(), 1, NOW.plusSeconds(99));

        executor.run(Duration.ofSeconds(1));

        assertThat(crls.current(AuthorityName.DEVICES).entries()).isEqualTo(1);
    }

    @Test
    void a_release_is_told_as_soon_and_an_issue_makes_no_list() {
        registry.revoke(5, clock.instant(), 6, NOW.plusSeconds(99));
        crls.start();
        executor.run(Duration.ofSeconds(2));
        var before = registry.saves();

        registry.release(777);
        executor.run(Duration.ofSeconds(2));
        assertThat(registry.saves()).isEqualTo(before);

        registry.release(5);
        executor.run(Duration.ofSeconds(2));
        assertThat(registry.saves()).isEqualTo(before + 1);
        assertThat(crls.current(AuthorityName.DEVICES).entries()).isZero();
    }

    @Test
    void many_revocations_make_one_crl_a_second() {
        crls.start();
        executor.run(Duration.ofSeconds(1));
        var before = registry.saves();

        for (var i = 0; i < 100; i++) {
            registry.revoke(5 + i, clock.instant(), 1, NOW.plusSeconds(9999));
            executor.run(Duration.ofMillis(100));
        }

        // one for each of ten seconds, and one at once
        assertThat(registry.saves() - before).isBetween(9, 11);
        executor.run(Duration.ofSeconds(1));
        assertThat(crls.current(AuthorityName.DEVICES).entries()).isEqualTo(100);
    }

    @Test
    void what_takes_long_is_made_seldom() {
        registry.takes(() -> clock.advance(Duration.ofMillis(200)));
        crls.start();
        executor.run(Duration.ofSeconds(60));
        var before = registry.saves();

        for (var i = 0; i < 120; i++) {
            crls.changed();
            executor.run(Duration.ofMillis(100));
        }

        // 200 ms of work, then 4 s of rest
        assertThat(registry.saves() - before).isBetween(2, 5);
    }

    @Test
    void a_change_while_a_crl_is_made_makes_one_more() {
        crls.start();
        registry.takes(() -> {
            registry.takes(() -> {});
            // committed after the list was made up
            registry.revoke(5, clock.instant(), 1, NOW.plusSeconds(99));
        });
        crls.changed();

        executor.run(Duration.ofSeconds(3));

        assertThat(crls.current(AuthorityName.DEVICES).entries()).isEqualTo(1);
    }

    @Test
    void what_is_listed_is_read_once_and_then_kept_in_memory() {
        registry.revoke(5, NOW.minusSeconds(9), 1, NOW.plusSeconds(9999));
        crls.start();
        var reads = registry.reads();

        for (var serial = 10; serial < 20; serial++) {
            registry.revoke(serial, clock.instant(), 6, NOW.plusSeconds(9999));
            registry.release(serial == 15 ? 5 : 999);
            executor.run(Duration.ofSeconds(2));
        }

        assertThat(registry.reads()).isEqualTo(reads);
        assertThat(crls.current(AuthorityName.DEVICES).entries()).isEqualTo(10);
    }

    @Test
    void a_change_while_the_list_is_first_read_is_not_lost() throws GeneralSecurityException {
        registry.revoke(5, NOW.minusSeconds(9), 6, NOW.plusSeconds(9999));
        registry.takes(() -> {
            registry.takes(() -> {});
            // the reader has seen 5 as held, and 6 not at all
            registry.release(5);
            registry.revoke(6, NOW.minusSeconds(1), 1, NOW.plusSeconds(9999));
        });

        crls.start();

        var crl = parsed(crls.current(AuthorityName.DEVICES));
        assertThat(crl.getRevokedCertificate(BigInteger.valueOf(5))).isNull();
        assertThat(crl.getRevokedCertificate(BigInteger.valueOf(6))).isNotNull();
    }

    @Test
    void once_a_day_the_registry_is_read_anew_whatever_memory_says() {
        crls.start();
        registry.revokeInSecret(5, NOW.minusSeconds(9), NOW.plus(Duration.ofDays(9)));
        assertThat(reissued()).isZero();

        executor.run(Duration.ofHours(24).plusMinutes(2));

        assertThat(crls.current(AuthorityName.DEVICES).entries()).isEqualTo(1);
    }

    @Test
    void every_day_both_are_made_anew() {
        crls.start();
        var devices = crls.current(AuthorityName.DEVICES);
        var services = crls.current(AuthorityName.SERVICES);

        executor.run(Duration.ofHours(24).plusMinutes(2));

        assertThat(crls.current(AuthorityName.DEVICES).number()).isGreaterThan(devices.number());
        assertThat(crls.current(AuthorityName.SERVICES).number()).isGreaterThan(services.number());
        assertThat(Duration.between(devices.thisUpdate(), devices.nextUpdate())).isEqualTo(ScheduledCrls.LIFETIME);
    }

    @Test
    void numbers_rise_across_restarts_and_when_the_clock_goes_back() {
        crls.start();
        var first = crls.current(AuthorityName.DEVICES).number();
        clock.advance(Duration.ofDays(-3));

        var again = crls();
        again.start();

        assertThat(again.current(AuthorityName.DEVICES).number()).isEqualTo(first.add(BigInteger.ONE));
    }

    @Test
    void numbers_rise_after_a_restore_of_an_old_registry() {
        crls.start();
        var first = crls.current(AuthorityName.DEVICES).number();
        registry.forget();
        clock.advance(Duration.ofSeconds(5));

        var again = crls();
        again.start();

        assertThat(again.current(AuthorityName.DEVICES).number()).isGreaterThan(first);
    }

    @Test
    void the_number_is_durable_before_the_crl_is_out() {
        crls.start();

        assertThat(registry.stored("devices").map(StoredCrl::number))
                .contains(crls.current(AuthorityName.DEVICES).number());
    }

    @Test
    void an_expired_entry_leaves_after_one_more_issue() {
        registry.revoke(5, NOW.minusSeconds(9), 1, NOW.plusSeconds(10));
        crls.start();
        assertThat(reissued()).isEqualTo(1);
        executor.run(Duration.ofSeconds(20));

        assertThat(reissued()).as("the first after its end").isEqualTo(1);
        assertThat(reissued()).as("the second after its end").isZero();
    }

    @Test
    void a_registry_that_fails_leaves_the_last_crl_and_is_asked_again() {
        crls.start();
        var last = crls.current(AuthorityName.DEVICES);
        registry.revoke(5, NOW, 1, NOW.plusSeconds(999));
        registry.takes(() -> {
            throw new RegistryUnavailable(RegistryUnavailable.Cause.FULL, "full");
        });
        crls.changed();
        executor.run(Duration.ofSeconds(10));
        assertThat(crls.current(AuthorityName.DEVICES)).isSameAs(last);

        registry.takes(() -> {});
        executor.run(Duration.ofSeconds(31));

        assertThat(crls.current(AuthorityName.DEVICES).entries()).isEqualTo(1);
    }

    @Test
    void openssl_agrees(@TempDir Path directory) {
        registry.revoke(5, NOW.minusSeconds(9), 5, NOW.plusSeconds(99));
        crls.start();

        var text = new Judges(directory)
                .crlText(crls.current(AuthorityName.DEVICES).der(), hierarchies.certificate(AuthorityName.DEVICES));

        assertThat(text)
                .contains("verify OK")
                .contains("Version 2 (0x1)")
                .contains("X509v3 CRL Number")
                .contains("X509v3 Authority Key Identifier")
                .contains("Cessation Of Operation")
                .doesNotContain("Issuing Distribution Point");
    }

    private int reissued() {
        crls.changed();
        executor.run(Duration.ofSeconds(2));
        return crls.current(AuthorityName.DEVICES).entries();
    }

    private ScheduledCrls crls() {
        return new ScheduledCrls(hierarchies, registry, clock, executor::nanoTime, executor);
    }

    private static X509CRL parsed(PublishedCrl crl) throws GeneralSecurityException {
        return (X509CRL) CertificateFactory.getInstance("X.509").generateCRL(new ByteArrayInputStream(crl.der()));
    }
}
