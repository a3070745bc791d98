package io.gatehouse.enrollment.ca;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.enrollment.config.ServiceConfig;
import io.gatehouse.enrollment.keys.ServerIdentity;
import io.gatehouse.testkit.MutableClock;
import java.security.cert.CertificateParsingException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ServerCertificatesTest {
    private static final Instant NOW = Instant.parse("2026-11-23T11:00:00Z");
    private static final String ROLE = "spiffe://gatehouse.internal/service/enrollment";

    private final MutableClock clock = MutableClock.at(NOW);
    private final CertificateIssuer issuer =
            new CertificateIssuer(Hierarchies.inMemory(ServiceConfig.defaults(), clock), ServiceConfig.defaults());
    private final ManualExecutor executor = new ManualExecutor(clock);
    private final ServerCertificates certificates =
            new ServerCertificates(issuer, List.of("localhost", "127.0.0.1"), ROLE, clock, executor);

    @Test
    void shows_a_certificate_of_seven_days_with_its_issuer_and_without_the_root() throws CertificateParsingException {
        var identity = certificates.get();

        assertThat(identity.chain()).containsExactly(identity.certificate(), issuer.servicesCa());
        assertThat(identity.certificate().getNotAfter().toInstant()).isEqualTo(NOW.plus(Duration.ofDays(7)));
        assertThat(identity.certificate().getSubjectAlternativeNames())
                .extracting(name -> (Object) name.get(1))
                .containsExactly("localhost", "127.0.0.1", ROLE);
    }

    @Test
    void stays_until_half_of_its_life() {
        certificates.start();
        var first = certificates.get();

        executor.run(Duration.ofHours(84).minusMinutes(1));

        assertThat(certificates.get()).isEqualTo(first);
    }

    @Test
    void renews_at_half_of_its_life_with_a_new_key_and_tells() {
        var told = new ArrayList<ServerIdentity>();
        certificates.onRenewed(told::add);
        certificates.start();
        var first = certificates.get();

        executor.run(Duration.ofHours(84).plusMinutes(1));

        assertThat(told).containsExactly(certificates.get());
        assertThat(certificates.get().certificate().getPublicKey())
                .isNotEqualTo(first.certificate().getPublicKey());
    }

    @Test
    void renews_at_once_after_a_long_sleep() {
        certificates.start();
        clock.advance(Duration.ofDays(30));

        executor.run(Duration.ofMinutes(1));

        assertThat(certificates.get().certificate().getNotAfter().toInstant()).isAfter(clock.instant());
    }

    @Test
    void one_of_a_time_to_come_is_replaced_within_a_minute_when_the_clock_is_set_back() {
        certificates.start();
        executor.step(Duration.ofDays(5));
        executor.run(Duration.ofMinutes(1));
        var ofTomorrow = certificates.get();

        executor.step(Duration.ofDays(-5));
        executor.run(Duration.ofMinutes(1));

        assertThat(certificates.get()).isNotEqualTo(ofTomorrow);
        assertThat(certificates.get().certificate().getNotBefore()).isBefore(java.util.Date.from(clock.instant()));
    }

    @Test
    void is_not_made_anew_every_minute_while_the_clock_is_before_its_authority() {
        clock.set(issuer.servicesCa().getNotBefore().toInstant().minusSeconds(3600));
        var early = new ServerCertificates(issuer, List.of("localhost"), ROLE, clock, executor);
        early.start();
        var first = early.get();

        executor.run(Duration.ofMinutes(30));

        assertThat(early.get()).isEqualTo(first);
    }

    @Test
    void a_listener_that_fails_stops_no_renewal() {
        certificates.onRenewed(identity -> {
            throw new IllegalStateException("on purpose");
        });
        certificates.start();
        executor.run(Duration.ofDays(4));
        var second = certificates.get();

        executor.run(Duration.ofDays(4));

        assertThat(certificates.get()).isNotEqualTo(second);
    }
}
