package io.gatehouse.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import org.junit.jupiter.api.Test;

class ClocksAndPlacesTest {
    @Test
    void a_mutable_clock_moves_only_when_told() {
        MutableClock clock = MutableClock.at("2026-11-23T00:00:00Z");
        assertThat(clock.instant()).isEqualTo(clock.instant());
        assertThat(clock.advance(Duration.ofDays(-1))).isEqualTo("2026-11-22T00:00:00Z");
        clock.set(Instant.EPOCH);
        assertThat(clock.instant()).isEqualTo(Instant.EPOCH);
    }

    @Test
    void several_ports_are_different_ones() {
        assertThat(new HashSet<>(FreePorts.take(20))).hasSize(20).doesNotContain(0);
    }

    @Test
    void a_temporary_home_is_gone_after_closing() throws Exception {
        Path inside;
        try (TempHome home = TempHome.create()) {
            inside = Files.writeString(
                    Files.createDirectories(home.path().resolve("a/b")).resolve("c"), "x");
            assertThat(inside).exists();
        }
        assertThat(inside.getParent().getParent().getParent()).doesNotExist();
    }
}
