package io.gatehouse.enrollment.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testkit.MutableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ThrottleTest {
    private final MutableClock clock = MutableClock.at(Instant.parse("2026-11-23T10:00:00Z"));
    private final List<Throttle.Alarm> alarms = new ArrayList<>();
    private final Throttle throttle = new Throttle(clock, alarms::add);

    @Test
    void a_source_is_throttled_from_its_twenty_first_wrong_secret_in_a_minute() {
        spend("192.0.2.1");
        assertThat(throttle.wrong("192.0.2.1")).isTrue();
        assertThat(throttle.wrong("192.0.2.2")).isFalse();

        clock.advance(Duration.ofSeconds(61));
        assertThat(throttle.wrong("192.0.2.1")).isFalse();
    }

    @Test
    void all_sources_together_are_throttled_and_what_was_throttled_does_not_count() {
        for (int i = 0; i < 100_000; i++) {
            throttle.wrong("192.0.2.1"); // one source alone never throttles another
        }
        assertThat(throttle.wrong("192.0.2.2")).isFalse();
        for (int source = 0; source < Throttle.OF_ALL_PER_MINUTE; source++) {
            throttle.wrong("10.0." + source / 250 + "." + source % 250);
        }
        assertThat(throttle.wrong("192.0.2.3")).isTrue();

        clock.advance(Duration.ofSeconds(61));
        assertThat(throttle.wrong("192.0.2.3")).isFalse();
    }

    @Test
    void a_network_of_ipv6_counts_as_one_source() {
        for (int i = 0; i < 20; i++) {
            assertThat(throttle.wrong("2001:db8::" + Integer.toHexString(i))).isFalse();
        }

        assertThat(throttle.wrong("2001:db8::ffff")).isTrue();
        assertThat(throttle.wrong("2001:db8:0:1::1")).isFalse();
        assertThat(throttle.wrong("192.0.2.1")).isFalse();
    }

    @Test
    void the_alarm_is_told_once_a_minute_and_lasts_for_some_time() {
        spend("192.0.2.1");
        assertThat(throttle.alarm()).isEmpty();
        for (int i = 0; i < 50; i++) {
            throttle.wrong("192.0.2.1");
        }
        assertThat(alarms).hasSize(1);
        assertThat(throttle.alarm().orElseThrow().source()).isEqualTo("192.0.2.1");
        assertThat(throttle.counts()).isEqualTo(new Throttle.Counts(70, 50));

        clock.advance(Duration.ofSeconds(61));
        spend("192.0.2.1");
        throttle.wrong("192.0.2.1");
        assertThat(alarms).hasSize(2);
        assertThat(alarms.get(1).throttled()).isEqualTo(50); // those that the first line left out, and this one

        clock.advance(Throttle.ALARM_LASTS.plusSeconds(1));
        assertThat(throttle.alarm()).isEmpty();
    }

    @Test
    void a_clock_that_is_set_back_throttles_nobody_for_ever() {
        spend("192.0.2.1");
        clock.advance(Duration.ofDays(-400));
        assertThat(throttle.wrong("192.0.2.1")).isFalse();
        assertThat(throttle.alarm()).isEmpty();
    }

    private void spend(String source) {
        for (int i = 0; i < Throttle.PER_MINUTE; i++) {
            assertThat(throttle.wrong(source)).isFalse();
        }
    }
}
