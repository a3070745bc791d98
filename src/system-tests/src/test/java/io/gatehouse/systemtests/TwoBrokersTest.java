package io.gatehouse.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.gatehouse.testkit.Await;
import io.gatehouse.testkit.HeldCertificate;
import io.gatehouse.testkit.ProcessRun;
import io.gatehouse.testkit.RunningProcess;
import io.gatehouse.testkit.TempHome;
import io.gatehouse.testkit.Tools;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Two brokers on one service: the home's own, and a HiveMQ that an operator has enrolled. */
class TwoBrokersTest {
    private static final Duration SOON = Duration.ofSeconds(90);
    private static final String MAX_STALE = "PT60S";

    @Test
    void a_revocation_is_enforced_on_both_and_a_rotation_waits_for_both() throws Exception {
        Tools.require("unzip");
        try (TempHome folder = TempHome.create();
                Gatehouse gatehouse = Gatehouse.up()) {
            gatehouse.fleet("f");
            HeldCertificate first = gatehouse.enroll("f", "first");
            HeldCertificate second = gatehouse.enroll("f", "second");
            HeldCertificate stays = gatehouse.enroll("f", "stays");
            try (HivemqNode b2 = HivemqNode.connected(gatehouse, "b2", folder.path())) {
                closedOnBoth(gatehouse, b2, first);
                try (MqttPeer here = gatehouse.mqtt("stays").with(stays).connect()) {
                    rotatedWithBoth(gatehouse);
                    awayIsNamed(gatehouse, b2, second);
                    rotationWaitsForTheOneThatIsAway(gatehouse, b2);
                    assertThat(b2.mqtt("second").with(second).refused().word()).isEqualTo("revoked");
                    assertThat(here.isOpen()).isTrue();
                }
            }
        }
    }

    /** With one session allowed: that is one on each broker. */
    private static void closedOnBoth(Gatehouse gatehouse, HivemqNode b2, HeldCertificate first) {
        try (MqttPeer here = gatehouse.mqtt("first").with(first).connect();
                MqttPeer there = b2.mqtt("first").with(first).connect()) {
            awaitSessions(gatehouse, "first", 2);
            JsonNode answer = gatehouse
                    .rest()
                    .post("/api/v1/devices/first/revoke", Map.of("waitMillis", 10_000))
                    .expect(200)
                    .json();
            assertThat(here.awaitEnd().word()).isEqualTo("revoked");
            assertThat(there.awaitEnd().word()).isEqualTo("revoked");
            assertThat(states(answer)).isEqualTo(Map.of("b1", "enforced 1", "b2", "enforced 1"));
            assertThat(answer.path("sessions").asInt()).isEqualTo(2);
        }
        assertThat(gatehouse.mqtt("first").with(first).refused().word()).isEqualTo("revoked");
        assertThat(b2.mqtt("first").with(first).refused().word()).isEqualTo("revoked");
    }

    private static void rotatedWithBoth(Gatehouse gatehouse) {
        gatehouse.cli("ca", "rotate").ok();
        RotatedGatehouse.awaitState(gatehouse, "devices-2", "issuing");
        for (JsonNode entry :
                gatehouse.rest().get("/api/v1/audit").expect(200).json().path("items")) {
            if (entry.path("action").asText().equals("ca.take-over")) {
                assertThat(entry.path("detail").path("brokers")).hasToString("[\"b1\",\"b2\"]");
                return;
            }
        }
        throw new AssertionError("no ca.take-over in the audit");
    }

    private static void awayIsNamed(Gatehouse gatehouse, HivemqNode b2, HeldCertificate second) {
        try (MqttPeer here = gatehouse.mqtt("second").with(second).connect()) {
            b2.mqtt("second").with(second).connect();
            awaitSessions(gatehouse, "second", 2);
            b2.kill();
            Await.until(
                    "the service misses b2",
                    SOON,
                    () -> !b2.status().path("connected").asBoolean());

            ProcessRun.Result revoked = gatehouse.cli("device", "revoke", "second");
            assertThat(revoked.exit()).as(revoked.both()).isEqualTo(1);
            assertThat(revoked.both()).contains("b2").contains("away");
            assertThat(here.awaitEnd().word()).isEqualTo("revoked");
            JsonNode again = gatehouse
                    .rest()
                    .post("/api/v1/devices/second/revoke", Map.of("waitMillis", 100))
                    .expect(202)
                    .json();
            assertThat(states(again).get("b2")).startsWith("away");
        }
    }

    private static void rotationWaitsForTheOneThatIsAway(Gatehouse gatehouse, HivemqNode b2) {
        ProcessRun.Result rotated = gatehouse.cli("ca", "rotate");
        assertThat(rotated.both()).contains("devices-3").contains("b2");
        Await.until("only b2 is waited for", SOON, () -> {
            JsonNode waiting =
                    gatehouse.rest().get("/api/v1/ca").expect(200).json().path("waiting");
            return waiting.path("name").asText().equals("devices-3")
                    && waiting.path("brokers").toString().equals("[\"b2\"]");
        });
        HeldCertificate meanwhile = gatehouse.enroll("f", "meanwhile");
        b2.start();
        RotatedGatehouse.awaitState(gatehouse, "devices-3", "issuing");
        try (MqttPeer there = b2.mqtt("meanwhile").with(meanwhile).connect()) {
            assertThat(there.isOpen()).isTrue();
        }
    }

    @Test
    void without_the_service_both_keep_their_rules_also_through_a_restart_until_they_are_stale() throws Exception {
        Tools.require("unzip");
        try (TempHome folder = TempHome.create();
                Gatehouse gatehouse = Gatehouse.up()) {
            gatehouse.fleet("f");
            HeldCertificate known = gatehouse.enroll("f", "known");
            HeldCertificate revoked = gatehouse.enroll("f", "revoked");
            gatehouse.rest().post("/api/v1/devices/revoked/revoke").expect(200);
            try (HivemqNode b2 = HivemqNode.bare(gatehouse, "b2", folder.path())) {
                b2.unzip();
                b2.enroll("--host", "localhost,127.0.0.1", "--write-listener").ok();
                b2.set("max-stale", MAX_STALE);
                b2.start();
                assertThat(gatehouse.stop()).isZero();
                maxStale(gatehouse.home().resolve("gatehouse.toml"));
                try (RunningProcess service = service(gatehouse)) {
                    Await.until("the service answers", SOON, () -> answers(gatehouse));
                    try (RunningProcess b1 = broker(gatehouse)) {
                        awaitAdmitted("b1", gatehouse.mqtt("known").with(known));
                        b2.awaitConnected();
                        service.kill();
                        rules(
                                gatehouse.mqtt("known").with(known),
                                gatehouse.mqtt("revoked").with(revoked));
                        rules(b2.mqtt("known").with(known), b2.mqtt("revoked").with(revoked));
                        b1.kill();
                    }
                    b2.kill();
                    b2.launch();
                    try (RunningProcess b1 = broker(gatehouse)) {
                        awaitAdmitted("b1, restarted", gatehouse.mqtt("known").with(known));
                        awaitAdmitted("b2, restarted", b2.mqtt("known").with(known));
                        rules(
                                gatehouse.mqtt("known").with(known),
                                gatehouse.mqtt("revoked").with(revoked));
                        rules(b2.mqtt("known").with(known), b2.mqtt("revoked").with(revoked));

                        awaitStale("b1", gatehouse.mqtt("known").with(known));
                        awaitStale("b2", b2.mqtt("known").with(known));
                        assertThat(b1.isAlive()).isTrue();
                    }
                }
            }
        }
    }

    private static void rules(MqttPeer.Builder known, MqttPeer.Builder revoked) {
        try (MqttPeer peer = known.connect()) {
            assertThat(peer.publish("devices/known/telemetry/t", "x")).isEmpty();
        }
        assertThat(revoked.refused().word()).isEqualTo("revoked");
    }

    private static void awaitAdmitted(String broker, MqttPeer.Builder known) {
        Await.until(broker + " admits", SOON, () -> {
            try (MqttPeer peer = known.connect()) {
                return peer.isOpen();
            }
        });
    }

    private static void awaitStale(String broker, MqttPeer.Builder known) {
        Await.until(
                broker + " is stale",
                Duration.ofSeconds(120),
                () -> known.refused().word().equals("stale"));
    }

    private static void maxStale(Path file) throws Exception {
        String text = Files.readString(file);
        String changed = text.replaceAll("(?m)^#? ?max-stale = .*$", "max-stale = \"" + MAX_STALE + "\"");
        assertThat(changed).contains("\nmax-stale = \"" + MAX_STALE);
        Files.writeString(file, changed);
    }

    private static boolean answers(Gatehouse gatehouse) {
        return gatehouse.rest().get("/api/v1/fleets").status() == 200;
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

    private static void awaitSessions(Gatehouse gatehouse, String device, int sessions) {
        Await.until(
                sessions + " sessions are seen",
                SOON,
                () -> gatehouse
                                .rest()
                                .get("/api/v1/devices/" + device)
                                .expect(200)
                                .json()
                                .path("sessions")
                                .size()
                        == sessions);
    }

    private static Map<String, String> states(JsonNode answer) {
        Map<String, String> states = new TreeMap<>();
        answer.path("brokers")
                .forEach(each -> states.put(
                        each.path("broker").asText(),
                        each.path("state").asText() + " "
                                + each.path("sessions").asInt()));
        return states;
    }
}
