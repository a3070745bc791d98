package io.gatehouse.agent.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BackOffTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration CAP = Duration.ofMinutes(5);

    @Test
    void doubles_from_the_first_wait_to_the_longest_with_jitter() {
        var backOff = new BackOff(SECOND, CAP, new Random(1));
        var most = SECOND;
        for (var failure = 0; failure < 40; failure++) {
            assertThat(backOff.next(Optional.empty())).isBetween(most.dividedBy(2), most);
            most = most.multipliedBy(2).compareTo(CAP) > 0 ? CAP : most.multipliedBy(2);
        }
        backOff.reset();
        assertThat(backOff.next(Optional.empty())).isLessThanOrEqualTo(SECOND);
    }

    @Test
    void waits_at_least_as_long_as_it_was_asked_to_but_not_all_the_same_time() {
        var waits = new java.util.HashSet<Duration>();
        for (var seed = 0; seed < 20; seed++) {
            var wait = new BackOff(SECOND, CAP, new Random(seed)).next(Optional.of(Duration.ofMinutes(10)));
            assertThat(wait).isBetween(Duration.ofMinutes(10), Duration.ofSeconds(750));
            waits.add(wait);
        }
        assertThat(waits).hasSizeGreaterThan(10);
    }
}
