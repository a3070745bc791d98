package io.gatehouse.broker.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class SourceThrottleTest {
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-02-03T04:05:00Z"));
    private final SourceThrottle throttle = new SourceThrottle(now::get);

    @Test
    void one_source_that_floods_takes_nothing_from_another() {
        for (int i = 0; i < SourceThrottle.MOST_OF_ONE; i++) {
            assertThat(throttle.lets("loud")).isTrue();
        }
        assertThat(throttle.lets("loud")).isFalse();
        assertThat(throttle.lets("quiet")).isTrue();
    }

    @Test
    void after_a_while_it_is_heard_again_also_when_the_clock_was_turned_back() {
        for (int i = 0; i < 1_000; i++) {
            throttle.lets("loud");
        }
        now.updateAndGet(was -> was.plus(SourceThrottle.WHILE));
        assertThat(throttle.lets("loud")).isTrue();
        for (int i = 0; i < 1_000; i++) {
            throttle.lets("loud");
        }
        now.updateAndGet(was -> was.minusSeconds(3600));
        assertThat(throttle.lets("loud")).isTrue();
    }

    @Test
    void as_many_sources_as_there_are_certificates_take_bounded_memory() {
        for (int i = 0; i < SourceThrottle.MOST_SOURCES; i++) {
            assertThat(throttle.lets("source-" + i)).isTrue();
        }
        assertThat(throttle.lets("one more")).isFalse();
        assertThat(throttle.lets("source-7")).isTrue();
    }
}
