package io.gatehouse.agent.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LinkSettingsTest {
    @Test
    void the_next_asking_comes_anywhere_between_a_half_and_the_whole_of_what_is_set() {
        var link = new LinkSettings(Optional.empty(), Duration.ofMinutes(1), Duration.ZERO, Duration.ofHours(1));
        var random = new Random(1);
        var waits = Stream.generate(() -> link.untilAsking(random))
                .limit(10_000)
                .sorted()
                .toList();

        assertThat(waits.get(0)).isBetween(Duration.ofMinutes(30), Duration.ofMinutes(31));
        assertThat(waits.get(5_000)).isBetween(Duration.ofMinutes(44), Duration.ofMinutes(46));
        assertThat(waits.get(9_999)).isBetween(Duration.ofMinutes(59), Duration.ofMinutes(60));
    }
}
