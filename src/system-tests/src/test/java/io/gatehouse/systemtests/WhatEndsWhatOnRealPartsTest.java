package io.gatehouse.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.gatehouse.testkit.Await;
import io.gatehouse.testkit.HeldCertificate;
import io.gatehouse.testkit.TestDevice;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The columns of "What ends what" that only real parts can show: live sessions, and what is queued. */
@ExtendWith(SharedGatehouse.class)
class WhatEndsWhatOnRealPartsTest {
    private static final Duration SOON = Duration.ofSeconds(15);

    private final String fleet = SharedGatehouse.fresh("ends");
    private final String id = SharedGatehouse.fresh("e");
    private HeldCertificate held;

    @BeforeEach
    void enroll(Gatehouse gatehouse) {
        held = gatehouse.fleet(fleet).enroll(fleet, id);
    }

    @Test
    void suspend_closes_with_its_word_and_the_queue_waits_for_the_resumption(Gatehouse gatehouse) {
        try (MqttPeer device = subscribed(gatehouse)) {
            act(gatehouse, "/api/v1/devices/" + id + "/suspend");
            assertThat(device.awaitEnd().word()).isEqualTo("suspended");
            assertThat(gatehouse.mqtt(id).with(held).refused().word()).isEqualTo("suspended");
        }
        send(gatehouse, "kept");
        act(gatehouse, "/api/v1/devices/" + id + "/resume");
        awaitBrokers(gatehouse);
        assertDelivered(gatehouse, held, "kept");
    }

    @Test
    void decommission_closes_with_its_word_for_good(Gatehouse gatehouse) {
        try (MqttPeer device = gatehouse.mqtt(id).with(held).connect()) {
            act(gatehouse, "/api/v1/devices/" + id + "/decommission");
            assertThat(device.awaitEnd().word()).isEqualTo("decommissioned");
        }
        assertThat(gatehouse.mqtt(id).with(held).refused().word()).isEqualTo("decommissioned");
        assertThat(gatehouse.est(held).simpleReenroll(TestDevice.named(id)).reason())
                .isEqualTo("decommissioned");
    }

    @Test
    void a_certificate_that_is_revoked_ends_its_sessions_and_the_other_one_takes_the_queue(Gatehouse gatehouse) {
        gatehouse
                .rest()
                .patch("/api/v1/fleets/" + fleet, Map.of("sessions", Map.of("max", 2)))
                .expect(200);
        HeldCertificate other = gatehouse.enroll(fleet, id);
        try (MqttPeer ends = subscribed(gatehouse);
                MqttPeer stays = gatehouse.mqtt(id + ":2").with(other).connect()) {
            act(gatehouse, "/api/v1/certificates/" + held.sha256() + "/revoke");
            assertThat(ends.awaitEnd().word()).isEqualTo("revoked");
            assertThat(gatehouse.mqtt(id).with(held).refused().word()).isEqualTo("revoked");
            assertThat(stays.publish("devices/" + id + "/telemetry/t", "x")).isEmpty();
        }
        send(gatehouse, "kept");
        assertDelivered(gatehouse, other, "kept");
    }

    @Test
    void a_superseded_certificate_keeps_its_session_and_makes_no_new_one(Gatehouse gatehouse) {
        HeldCertificate next = gatehouse.enroll(fleet, id);
        try (MqttPeer device = subscribed(gatehouse)) {
            assertThat(gatehouse.est(next).get("/.well-known/gatehouse/device").status())
                    .isEqualTo(200);
            Await.until(
                    "the service refuses the old certificate",
                    SOON,
                    () -> gatehouse
                            .est(held)
                            .get("/.well-known/gatehouse/device")
                            .body()
                            .contains("superseded"));
            awaitBrokers(gatehouse);
            assertThat(device.publish("devices/" + id + "/telemetry/t", "still here"))
                    .isEmpty();
            assertThat(gatehouse.mqtt(id).with(held).refused().word()).isEqualTo("superseded");
            assertThat(device.isOpen()).isTrue();
        }
        send(gatehouse, "kept");
        assertDelivered(gatehouse, next, "kept");
    }

    @Test
    void fleet_suspend_closes_all_and_the_queue_waits_for_the_resumption(Gatehouse gatehouse) {
        try (MqttPeer device = subscribed(gatehouse)) {
            act(gatehouse, "/api/v1/fleets/" + fleet + "/suspend");
            assertThat(device.awaitEnd().word()).isEqualTo("suspended");
        }
        send(gatehouse, "kept");
        act(gatehouse, "/api/v1/fleets/" + fleet + "/resume");
        awaitBrokers(gatehouse);
        assertDelivered(gatehouse, held, "kept");
    }

    @Test
    void kick_closes_that_session_alone_and_the_device_may_come_back_to_its_queue(Gatehouse gatehouse) {
        gatehouse
                .rest()
                .patch("/api/v1/fleets/" + fleet, Map.of("sessions", Map.of("max", 2)))
                .expect(200);
        awaitBrokers(gatehouse);
        String kicked;
        try (MqttPeer device = subscribed(gatehouse);
                MqttPeer other = gatehouse.mqtt(id + ":2").with(held).connect()) {
            kicked = session(gatehouse, id);
            JsonNode told = gatehouse
                    .rest()
                    .post("/api/v1/sessions/" + kicked + "/kick")
                    .expect(200)
                    .json();
            assertThat(device.awaitEnd().word()).isEqualTo("kicked");
            assertThat(told.path("sessions").asInt()).isEqualTo(1);
            assertThat(told.path("brokers").get(0).path("state").asText()).isEqualTo("enforced");
            assertThat(other.publish("devices/" + id + "/telemetry/t", "still here"))
                    .isEmpty();
        }
        send(gatehouse, "kept");
        assertDelivered(gatehouse, held, "kept");
        // It is gone; the same order again finds nobody, and above all not its successor.
        gatehouse.rest().post("/api/v1/sessions/" + kicked + "/kick").expect(404);
    }

    /** The id of the live session that the service shows for that client id. */
    private String session(Gatehouse gatehouse, String clientId) {
        var found = new AtomicReference<String>();
        Await.until("the session of " + clientId, SOON, () -> {
            for (JsonNode each : gatehouse
                    .rest()
                    .get("/api/v1/sessions?device=" + id)
                    .expect(200)
                    .json()
                    .path("items")) {
                if (each.path("clientId").asText().equals(clientId)) {
                    found.set(each.path("id").asText());
                }
            }
            return found.get() != null;
        });
        return found.get();
    }

    /** The device with its first certificate, in a session that stays, waiting for commands. */
    private MqttPeer subscribed(Gatehouse gatehouse) {
        MqttPeer device = gatehouse.mqtt(id).with(held).persistent().connect();
        assertThat(device.subscribe("devices/" + id + "/commands/#")).isEmpty();
        return device;
    }

    private void send(Gatehouse gatehouse, String text) {
        String app = SharedGatehouse.fresh("app");
        try (MqttPeer sender =
                gatehouse.mqtt(app).with(gatehouse.application(app)).connect()) {
            assertThat(sender.publish("devices/" + id + "/commands/x", text)).isEmpty();
        }
    }

    private void assertDelivered(Gatehouse gatehouse, HeldCertificate certificate, String text) {
        try (MqttPeer back = gatehouse.mqtt(id).with(certificate).persistent().connect()) {
            assertThat(back.sessionPresent()).isTrue();
            assertThat(back.next().text()).isEqualTo(text);
        }
    }

    private static void act(Gatehouse gatehouse, String path) {
        gatehouse.rest().post(path).expect(200);
    }

    /** Returns when every broker has what the directory has now: the answer of an act does not wait for that, only a revocation's does. */
    private static void awaitBrokers(Gatehouse gatehouse) {
        long now = gatehouse
                .rest()
                .get("/api/v1/status")
                .expect(200)
                .json()
                .path("revision")
                .asLong();
        Await.until("the brokers have revision " + now, SOON, () -> {
            JsonNode brokers =
                    gatehouse.rest().get("/api/v1/brokers").expect(200).json().path("items");
            assertThat(brokers).isNotEmpty();
            for (JsonNode broker : brokers) {
                assertThat(broker.path("revision").asLong(-1)).isGreaterThanOrEqualTo(now);
            }
            return true;
        });
    }
}
