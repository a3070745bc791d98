package io.gatehouse.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testkit.Await;
import io.gatehouse.testkit.HeldCertificate;
import io.gatehouse.testkit.ProcessRun;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code up} as the parent of two parts. */
class SupervisorTest {
    private static final Duration RESTART = Duration.ofSeconds(40);

    @Test
    void keeps_its_parts_running_and_ends_with_them() {
        try (Gatehouse gatehouse = Gatehouse.up()) {
            gatehouse.fleet("f");
            HeldCertificate device = gatehouse.enroll("f", "d-1");
            refuses_a_second_up(gatehouse);
            restarts_a_part_that_dies(gatehouse, "broker", device);
            restarts_a_part_that_dies(gatehouse, "service", device);
            stops_within_ten_seconds_and_leaves_nothing_behind(gatehouse);
        }
    }

    private static void refuses_a_second_up(Gatehouse gatehouse) {
        ProcessRun.Result second = gatehouse.cli("up");
        assertThat(second.exit()).as(second.both()).isIn(1, 2);
        assertThat(second.both()).contains(gatehouse.home().toString()).doesNotContain("\tat ");
        assertThat(gatehouse.process().isAlive()).isTrue();
    }

    private static void restarts_a_part_that_dies(Gatehouse gatehouse, String part, HeldCertificate device) {
        long before = gatehouse.pidOf(part);
        long other = gatehouse.pidOf(part.equals("broker") ? "service" : "broker");
        gatehouse.kill(part);
        Await.until(part + " runs again", RESTART, () -> gatehouse.pidOf(part) != before);
        assertThat(ProcessHandle.of(other)).as("the other part goes on").isPresent();
        Await.until("a device can connect", RESTART, () -> {
            try (MqttPeer connected = gatehouse.mqtt("d-1").with(device).connect()) {
                return connected.publish("devices/d-1/telemetry/t", "x").isEmpty();
            }
        });
        Await.until(
                "an administrator can ask",
                RESTART,
                () -> gatehouse.rest().get("/api/v1/fleets").status() == 200);
    }

    private static void stops_within_ten_seconds_and_leaves_nothing_behind(Gatehouse gatehouse) {
        List<ProcessHandle> parts = List.of(
                ProcessHandle.of(gatehouse.pidOf("service")).orElseThrow(),
                ProcessHandle.of(gatehouse.pidOf("broker")).orElseThrow());
        Path ports = gatehouse.home().resolve("run/ports.json");
        assertThat(ports).exists();
        gatehouse.process().terminate();
        assertThat(gatehouse.process().awaitExit(Duration.ofSeconds(10))).isZero();
        assertThat(parts).noneMatch(ProcessHandle::isAlive);
        assertThat(ports).doesNotExist();
        assertThat(gatehouse.cli("status").exit()).isEqualTo(3);
    }
}
