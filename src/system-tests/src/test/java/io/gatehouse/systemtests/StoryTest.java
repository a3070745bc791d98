package io.gatehouse.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.gatehouse.testkit.Await;
import io.gatehouse.testkit.HeldCertificate;
import io.gatehouse.testkit.ProcessRun;
import io.gatehouse.testkit.TestDevice;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The whole story, from a claim to a revoked device that does not come back. */
@ExtendWith(SharedGatehouse.class)
class StoryTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    private final String fleet = SharedGatehouse.fresh("story");
    private final String id = SharedGatehouse.fresh("d");

    @BeforeEach
    void make_the_fleet(Gatehouse gatehouse) {
        gatehouse.fleet(fleet);
    }

    @Test
    void telemetry_of_an_enrolled_device_reaches_the_application(Gatehouse gatehouse) {
        String app = SharedGatehouse.fresh("app");
        try (MqttPeer backEnd =
                        gatehouse.mqtt(app).with(gatehouse.application(app)).connect();
                MqttPeer device =
                        gatehouse.mqtt(id).with(gatehouse.enroll(fleet, id)).connect()) {
            assertThat(backEnd.subscribe("devices/+/telemetry/#")).isEmpty();
            assertThat(device.subscribe("devices/" + id + "/commands/#")).isEmpty();
            assertThat(device.publish("devices/" + id + "/telemetry/t", "21.5")).isEmpty();
            assertThat(await(backEnd, id)).isEqualTo("21.5");
            assertThat(backEnd.publish("devices/" + id + "/commands/led", "on")).isEmpty();
            assertThat(device.next()).isEqualTo(new MqttPeer.Message("devices/" + id + "/commands/led", "on"));
        }
    }

    @Test
    void a_foreign_topic_is_refused(Gatehouse gatehouse) {
        HeldCertificate certificate = gatehouse.enroll(fleet, id);
        try (MqttPeer device = gatehouse.mqtt(id).with(certificate).connect()) {
            for (String filter :
                    List.of("#", "devices/#", "devices/+/commands/#", "devices/other/commands/#", "+/+/+/#")) {
                assertThat(device.subscribe(filter)).as(filter).isEqualTo("NOT_AUTHORIZED");
            }
            assertThat(device.publish("devices/other/telemetry/t", "x")).isEqualTo("NOT_AUTHORIZED");
        }
    }

    @Test
    void a_client_id_of_another_device_is_refused_and_does_not_disturb_it(Gatehouse gatehouse) {
        String thief = SharedGatehouse.fresh("thief");
        HeldCertificate stolenFrom = gatehouse.enroll(fleet, id);
        HeldCertificate other = gatehouse.enroll(fleet, thief);
        try (MqttPeer device = gatehouse.mqtt(id).with(stolenFrom).connect()) {
            assertThat(gatehouse.mqtt(id).with(other).refused().word()).isEqualTo("client-id-mismatch");
            assertThat(gatehouse.mqtt(id + ":1").with(stolenFrom).refused().word())
                    .isEqualTo("client-id-mismatch");
            assertThat(device.publish("devices/" + id + "/telemetry/t", "still here"))
                    .isEmpty();
        }
    }

    @Test
    void a_revoked_device_is_cut_off_and_does_not_come_back(Gatehouse gatehouse) {
        HeldCertificate certificate = gatehouse.enroll(fleet, id);
        try (MqttPeer device = gatehouse.mqtt(id).with(certificate).connect()) {
            Await.until("the session is reported", SOON, () -> sessions(gatehouse) == 1);
            JsonNode answer = gatehouse
                    .rest()
                    .post("/api/v1/devices/" + id + "/revoke", Map.of("reason", "keyCompromise"))
                    .expect(200)
                    .json();
            assertThat(answer.path("device").asText()).isEqualTo(id);
            assertThat(answer.path("sessions").asInt()).isEqualTo(1);
            assertThat(answer.path("millis").asLong()).isBetween(0L, 2000L);
            assertThat(answer.path("brokers").path(0).path("state").asText()).isEqualTo("enforced");
            assertThat(device.awaitEnd().word()).isEqualTo("revoked");
        }
        assertThat(gatehouse.mqtt(id).with(certificate).refused().word()).isEqualTo("revoked");
        Await.until("no session is left", SOON, () -> sessions(gatehouse) == 0);
        Await.until(
                "the refusal is listed",
                SOON,
                () -> gatehouse
                        .rest()
                        .get("/api/v1/refusals")
                        .expect(200)
                        .json()
                        .path("items")
                        .findValuesAsText("device")
                        .contains(id));
        assertThat(gatehouse
                        .est(certificate)
                        .simpleReenroll(TestDevice.named(id))
                        .reason())
                .isEqualTo("revoked");
    }

    @Test
    void the_command_line_tells_the_same_story(Gatehouse gatehouse) {
        String device = SharedGatehouse.fresh("cli");
        HeldCertificate certificate = gatehouse.enroll(fleet, device);
        assertThat(gatehouse.cli("device", "show", device).ok().out()).contains(certificate.sha256());
        assertThat(gatehouse
                        .cli("policy", "explain", "--device", device, "--publish", "devices/other/x")
                        .ok()
                        .out())
                .containsIgnoringCase("refused");
        try (MqttPeer connected = gatehouse.mqtt(device).with(certificate).connect()) {
            ProcessRun.Result revoked = gatehouse
                    .cli("device", "revoke", device, "--reason", "key-compromise")
                    .ok();
            assertThat(revoked.out()).containsPattern("\\b1\\b.*\\bms\\b|\\b1\\b[\\s\\S]*millis");
            assertThat(connected.awaitEnd().word()).isEqualTo("revoked");
        }
        assertThat(gatehouse.cli("audit", "list").ok().out()).contains(device);
        assertThat(gatehouse.cli("device", "show", "no-such-device").exit()).isEqualTo(1);
    }

    private int sessions(Gatehouse gatehouse) {
        return gatehouse
                .rest()
                .get("/api/v1/devices/" + id)
                .json()
                .path("sessions")
                .size();
    }

    private static String await(MqttPeer peer, String device) {
        MqttPeer.Message message = peer.next();
        while (!message.topic().startsWith("devices/" + device + "/")) {
            message = peer.next();
        }
        return message.text();
    }
}
