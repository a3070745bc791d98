package io.gatehouse.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testkit.Await;
import io.gatehouse.testkit.HeldCertificate;
import io.gatehouse.testkit.RunningProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The broker without the service, and the two as separate units. */
class PartsAloneTest {
    private static final Duration START = Duration.ofSeconds(60);

    @Test
    void a_broker_without_the_service_admits_who_is_known_and_refuses_who_is_revoked() throws IOException {
        try (Gatehouse gatehouse = Gatehouse.up()) {
            gatehouse.fleet("f");
            HeldCertificate known = gatehouse.enroll("f", "known");
            HeldCertificate revoked = gatehouse.enroll("f", "revoked");
            assertThat(gatehouse.stop()).isZero();

            HeldCertificate late;
            try (RunningProcess service = service(gatehouse);
                    RunningProcess broker = broker(gatehouse)) {
                Await.until(
                        "the service answers",
                        START,
                        () -> gatehouse.rest().get("/api/v1/fleets").status() == 200);
                late = gatehouse.enroll("f", "late");
                gatehouse.rest().post("/api/v1/devices/revoked/revoke");
                awaitAdmitted(gatehouse, "late", late);
                service.kill();
                awaitAdmitted(gatehouse, "known", known);
                assertThat(word(gatehouse, "revoked", revoked)).isEqualTo("revoked");
                broker.kill();
            }

            try (RunningProcess alone = broker(gatehouse)) {
                awaitAdmitted(gatehouse, "known", known);
                awaitAdmitted(gatehouse, "late", late);
                assertThat(word(gatehouse, "revoked", revoked)).isEqualTo("revoked");
                alone.kill();
            }

            forget(gatehouse.home().resolve("broker/data/gatehouse"));
            try (RunningProcess unsynchronised = broker(gatehouse)) {
                Await.until(
                        "the broker answers",
                        START,
                        () -> word(gatehouse, "known", known).equals("not-synchronised"));
                assertThat(unsynchronised.isAlive()).isTrue();
            }
        }
    }

    private static RunningProcess service(Gatehouse gatehouse) {
        return Gatehouse.command("service", "--home", gatehouse.home().toString())
                .with(
                        "--unlock-file",
                        gatehouse.home().resolve("secrets/unlock").toString())
                .start();
    }

    private static RunningProcess broker(Gatehouse gatehouse) {
        return Gatehouse.command("broker", "--home", gatehouse.home().toString())
                .start();
    }

    private static void awaitAdmitted(Gatehouse gatehouse, String id, HeldCertificate certificate) {
        Await.until(id + " is admitted", START, () -> {
            try (MqttPeer connected = gatehouse.mqtt(id).with(certificate).connect()) {
                return connected.publish("devices/" + id + "/telemetry/t", "x").isEmpty();
            }
        });
    }

    private static String word(Gatehouse gatehouse, String id, HeldCertificate certificate) {
        return gatehouse.mqtt(id).with(certificate).refused().word();
    }

    private static void forget(Path replica) throws IOException {
        try (var files = Files.walk(replica)) {
            List<Path> all = files.filter(Files::isRegularFile).toList();
            assertThat(all).as("the replica on disk").hasSizeGreaterThan(1);
            for (Path file : all) {
                Files.delete(file);
            }
        }
    }
}
