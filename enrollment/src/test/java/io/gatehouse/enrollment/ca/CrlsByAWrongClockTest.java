package io.gatehouse.enrollment.ca;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.enrollment.app.port.RegistryUnavailable;
import io.gatehouse.enrollment.ca.crl.PublishedCrl;
import io.gatehouse.enrollment.config.ServiceConfig;
import io.gatehouse.testkit.MutableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The clock was ahead, CRLs were made, and somebody set it right. */
class CrlsByAWrongClockTest {
    private static final Instant NOW = Instant.parse("2026-11-23T11:00:00.250Z");
    private static final Duration AHEAD = Duration.ofHours(12);
    private static final Instant MEANWHILE = NOW.plus(Duration.ofHours(6));

    private final MutableClock clock = MutableClock.at(NOW);
    private final Hierarchies hierarchies = Hierarchies.inMemory(ServiceConfig.defaults(), clock);
    private final RegistryOfCrls registry = new RegistryOfCrls(hierarchies.certificate(AuthorityName.DEVICES));
    private final ManualExecutor executor = new ManualExecutor(clock);
    private final ScheduledCrls crls = crls();

    @Test
    void what_left_by_a_clock_that_was_ahead_is_listed_again() {
        registry.revoke(5, NOW.minusSeconds(9), 1, MEANWHILE);
        crls.start();
        executor.step(AHEAD);
        reissue();
        assertThat(reissue().entries()).as("it ended, by this clock").isZero();

        executor.step(AHEAD.negated());

        assertThat(reissue().entries()).isEqualTo(1);
        assertThat(reissue().entries()).as("and stays").isEqualTo(1);
    }

    @Test
    void what_was_revoked_while_the_clock_was_ahead_is_listed_when_it_is_right_again() {
        crls.start();
        executor.step(AHEAD);
        reissue();
        registry.revoke(5, clock.instant(), 1, MEANWHILE);
        assertThat(reissue().entries()).isZero();

        executor.step(AHEAD.negated());

        assertThat(reissue().entries()).isEqualTo(1);
    }

    @Test
    void what_was_left_out_of_a_crl_that_then_failed_is_listed_again() {
        registry.revoke(5, NOW.minusSeconds(9), 1, MEANWHILE);
        crls.start();
        executor.step(AHEAD);
        reissue();
        registry.takes(() -> {
            registry.takes(() -> {});
            throw new RegistryUnavailable(RegistryUnavailable.Cause.FULL, "full");
        });
        crls.changed();
        executor.run(Duration.ofMillis(1500));

        executor.step(AHEAD.negated());

        assertThat(reissue().entries()).isEqualTo(1);
    }

    @Test
    void a_start_after_a_crl_of_a_clock_that_was_ahead_lists_everything_that_has_not_ended() {
        registry.revoke(5, NOW.minusSeconds(9), 1, MEANWHILE);
        registry.revoke(6, NOW.minusSeconds(9), 1, NOW.minusSeconds(5));
        executor.step(AHEAD);
        crls.start();
        executor.step(AHEAD.negated());

        var again = crls();
        again.start();

        assertThat(again.current(AuthorityName.DEVICES).entries()).isEqualTo(1);
    }

    @Test
    void a_crl_of_a_time_to_come_is_replaced_within_a_minute() {
        crls.start();
        executor.step(AHEAD);
        executor.run(ScheduledCrls.REISSUED_AFTER);
        var devices = crls.current(AuthorityName.DEVICES);
        var services = crls.current(AuthorityName.SERVICES);
        assertThat(devices.thisUpdate()).isAfter(NOW.plus(AHEAD));

        executor.step(AHEAD.multipliedBy(-3));
        executor.run(Duration.ofSeconds(62));

        assertThat(crls.current(AuthorityName.DEVICES).thisUpdate()).isBeforeOrEqualTo(clock.instant());
        assertThat(crls.current(AuthorityName.SERVICES).thisUpdate()).isBeforeOrEqualTo(clock.instant());
        assertThat(crls.current(AuthorityName.DEVICES).number()).isGreaterThan(devices.number());
        assertThat(crls.current(AuthorityName.SERVICES).number()).isGreaterThan(services.number());
    }

    @Test
    void one_revocation_of_a_time_to_come_makes_no_crl_of_a_time_to_come(@TempDir Path directory) {
        registry.revoke(5, NOW.plus(Duration.ofDays(400)), 1, NOW.plus(Duration.ofDays(500)));

        crls.start();

        var crl = crls.current(AuthorityName.DEVICES);
        assertThat(crl.thisUpdate()).isEqualTo(Instant.parse("2026-11-23T11:00:00Z"));
        assertThat(new Judges(directory).crlText(crl.der(), hierarchies.certificate(AuthorityName.DEVICES)))
                .contains("verify OK")
                .contains("Last Update: Nov 23 11:00:00 2026 GMT")
                .contains("Revocation Date: Nov 23 11:00:00 2026 GMT")
                .contains("Key Compromise");
    }

    private PublishedCrl reissue() {
        crls.changed();
        executor.run(Duration.ofSeconds(2));
        return crls.current(AuthorityName.DEVICES);
    }

    private ScheduledCrls crls() {
        return new ScheduledCrls(hierarchies, registry, clock, executor::nanoTime, executor);
    }
}
