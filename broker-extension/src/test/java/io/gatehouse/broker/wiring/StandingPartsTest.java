package io.gatehouse.broker.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testkit.MutableClock;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StandingPartsTest {
    @Test
    void writes_the_status_when_it_changes_and_escapes_what_it_says(@TempDir Path folder) throws Exception {
        var file = new StatusFile(folder.resolve("data/gatehouse/status.json"));
        var status = new StatusFile.Status(
                false,
                Optional.of("unsafe-configuration"),
                Optional.of("a \"quoted\"\nvalue"),
                "b1",
                "e",
                7,
                false,
                Optional.empty(),
                "SunEC",
                "1",
                List.of("a problem"),
                List.of());
        file.write(status);
        assertThat(Files.readString(folder.resolve("data/gatehouse/status.json")))
                .contains("\"ready\":false", "\"reason\":\"unsafe-configuration\"", "a \\\"quoted\\\"\\nvalue")
                .contains("\"revision\":7", "\"problem\":null", "\"problems\":[\"a problem\"],\"warnings\":[]");
        Files.delete(folder.resolve("data/gatehouse/status.json"));
        file.write(status);
        assertThat(folder.resolve("data/gatehouse/status.json")).doesNotExist();
    }

    @Test
    void leaves_lines_out_of_a_flood_and_says_how_many() {
        var clock = MutableClock.at("2026-11-23T12:00:00Z");
        var throttle = new LogThrottle(2, clock);
        assertThat(throttle.next()).isEqualTo(OptionalLong.of(0));
        assertThat(throttle.next()).isEqualTo(OptionalLong.of(0));
        assertThat(throttle.next()).isEmpty();
        assertThat(throttle.next()).isEmpty();
        clock.advance(Duration.ofSeconds(1));
        assertThat(throttle.next()).isEqualTo(OptionalLong.of(2));
    }

    @Test
    void ends_when_the_supervisors_pipe_does() throws Exception {
        var ended = new CountDownLatch(1);
        try (var supervisor = new PipedOutputStream()) {
            SupervisedEnd.watch(new PipedInputStream(supervisor), ended::countDown);
            supervisor.write(1);
            supervisor.flush();
            assertThat(ended.getCount()).isEqualTo(1);
        }
        assertThat(ended.await(10, TimeUnit.SECONDS)).isTrue();
    }
}
