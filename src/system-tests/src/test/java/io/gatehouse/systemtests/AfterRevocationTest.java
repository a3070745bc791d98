package io.gatehouse.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testkit.HeldCertificate;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a device leaves behind at the broker ends with its revocation; beside each, what happens without one. */
@ExtendWith(SharedGatehouse.class)
class AfterRevocationTest {
    private final String fleet = SharedGatehouse.fresh("after");
    private final String id = SharedGatehouse.fresh("left");
    private final String app = SharedGatehouse.fresh("app");

    @BeforeEach
    void make_the_fleet(Gatehouse gatehouse) {
        gatehouse.fleet(fleet);
    }

    @Test
    void a_queued_message_waits_for_the_same_device(Gatehouse gatehouse) {
        HeldCertificate certificate = gatehouse.enroll(fleet, id);
        leaveACommandInTheQueue(gatehouse, certificate);
        try (MqttPeer back = gatehouse.mqtt(id).with(certificate).persistent().connect()) {
            assertThat(back.sessionPresent()).isTrue();
            assertThat(back.next().text()).isEqualTo("for the first device");
        }
    }

    @Test
    void a_queued_message_never_reaches_the_successor_of_a_revoked_device(Gatehouse gatehouse) {
        HeldCertificate backEnd = leaveACommandInTheQueue(gatehouse, gatehouse.enroll(fleet, id));
        gatehouse.rest().post("/api/v1/devices/" + id + "/revoke").expect(200);
        HeldCertificate successor = gatehouse.enroll(fleet, id);
        try (MqttPeer back = gatehouse.mqtt(id).with(successor).persistent().connect();
                MqttPeer sender = gatehouse.mqtt(app).with(backEnd).connect()) {
            assertThat(back.sessionPresent()).isFalse();
            assertThat(back.subscribe("devices/" + id + "/commands/#")).isEmpty();
            assertThat(sender.publish("devices/" + id + "/commands/x", "for the successor"))
                    .isEmpty();
            assertThat(back.next().text()).isEqualTo("for the successor");
        }
    }

    @Test
    void the_will_of_a_device_that_vanishes_is_published(Gatehouse gatehouse) {
        HeldCertificate certificate = gatehouse.enroll(fleet, id);
        try (MqttPeer watcher = watch(gatehouse);
                MqttPeer first = withWill(gatehouse, certificate)) {
            // A second connection under the same id takes the session over, which ends the first one with its will.
            try (MqttPeer second = gatehouse.mqtt(id).with(certificate).connect()) {
                assertThat(first.awaitEnd().code()).isEqualTo("SESSION_TAKEN_OVER");
                assertThat(second.publish("devices/" + id + "/telemetry/sentinel", "end"))
                        .isEmpty();
            }
            assertThat(untilSentinel(watcher)).contains("last words");
        }
    }

    @Test
    void the_will_of_a_revoked_device_is_never_published(Gatehouse gatehouse) {
        HeldCertificate certificate = gatehouse.enroll(fleet, id);
        try (MqttPeer watcher = watch(gatehouse);
                MqttPeer doomed = withWill(gatehouse, certificate)) {
            gatehouse.rest().post("/api/v1/devices/" + id + "/revoke").expect(200);
            assertThat(doomed.awaitEnd().word()).isEqualTo("revoked");
            HeldCertificate successor = gatehouse.enroll(fleet, id);
            try (MqttPeer next = gatehouse.mqtt(id).with(successor).connect()) {
                assertThat(next.publish("devices/" + id + "/telemetry/sentinel", "end"))
                        .isEmpty();
            }
            assertThat(untilSentinel(watcher)).doesNotContain("last words");
        }
    }

    private HeldCertificate leaveACommandInTheQueue(Gatehouse gatehouse, HeldCertificate certificate) {
        try (MqttPeer device = gatehouse.mqtt(id).with(certificate).persistent().connect()) {
            assertThat(device.subscribe("devices/" + id + "/commands/#")).isEmpty();
        }
        HeldCertificate backEnd = gatehouse.application(app);
        try (MqttPeer sender = gatehouse.mqtt(app).with(backEnd).connect()) {
            assertThat(sender.publish("devices/" + id + "/commands/x", "for the first device"))
                    .isEmpty();
        }
        return backEnd;
    }

    private MqttPeer watch(Gatehouse gatehouse) {
        MqttPeer watcher = gatehouse.mqtt(app).with(gatehouse.application(app)).connect();
        assertThat(watcher.subscribe("devices/" + id + "/telemetry/#")).isEmpty();
        return watcher;
    }

    private MqttPeer withWill(Gatehouse gatehouse, HeldCertificate certificate) {
        return gatehouse
                .mqtt(id)
                .with(certificate)
                .will("devices/" + id + "/telemetry/will", "last words")
                .connect();
    }

    private static List<String> untilSentinel(MqttPeer watcher) {
        List<String> texts = new ArrayList<>();
        for (MqttPeer.Message message = watcher.next();
                !message.topic().endsWith("/sentinel");
                message = watcher.next()) {
            texts.add(message.text());
        }
        return texts;
    }
}
