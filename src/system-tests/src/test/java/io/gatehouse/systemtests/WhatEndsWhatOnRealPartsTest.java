package io.gatehouse.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.gatehouse.testkit.Await;
import io.gatehouse.testkit.HeldCertificate;
import io.gatehouse.testkit.TestDevice;
import java.time.Duration;
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
        String app = SharedGatehouse.fresh("app");
        HeldCertificate backEnd = gatehouse.application(app);
        try (MqttPeer device = gatehouse.mqtt(id).with(held).persistent().connect();
                MqttPeer sender = gatehouse.mqtt(app).with(backEnd).connect()) {
            assertThat(device.subscribe("devices/" + id + "/commands/#")).isEmpty();
            act(gatehouse, "/api/v1/devices/" + id + "/suspend");
            assertThat(device.awaitEnd().word()).isEqualTo("suspended");
            assertThat(gatehouse.mqtt(id).with(held).refused().word()).isEqualTo("suspended");
            assertThat(sender.publish("devices/" + id + "/commands/x", "kept")).isEmpty();
        }
        act(gatehouse, "/api/v1/devices/" + id + "/resume");
        awaitAdmission(gatehouse);
        try (MqttPeer back = gatehouse.mqtt(id).with(held).persistent().connect()) {
            assertThat(back.sessionPresent()).isTrue();
            assertThat(back.next().text()).isEqualTo("kept");
        }
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
    void a_certificate_that_is_revoked_ends_its_session_and_another_one_goes_on(Gatehouse gatehouse) {
        HeldCertificate other = gatehouse.enroll(fleet, id);
        try (MqttPeer device = gatehouse.mqtt(id).with(held).connect()) {
            act(gatehouse, "/api/v1/certificates/" + held.sha256() + "/revoke");
            assertThat(device.awaitEnd().word()).isEqualTo("revoked");
        }
        assertThat(gatehouse.mqtt(id).with(held).refused().word()).isEqualTo("revoked");
        try (MqttPeer device = gatehouse.mqtt(id).with(other).connect()) {
            assertThat(device.publish("devices/" + id + "/telemetry/t", "x")).isEmpty();
        }
    }

    @Test
    void a_superseded_certificate_keeps_its_session_and_makes_no_new_one(Gatehouse gatehouse) {
        HeldCertificate next = gatehouse.enroll(fleet, id);
        try (MqttPeer device = gatehouse.mqtt(id).with(held).connect()) {
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
    }

    @Test
    void fleet_suspend_closes_all_and_resume_lets_them_in(Gatehouse gatehouse) {
        try (MqttPeer device = gatehouse.mqtt(id).with(held).connect()) {
            act(gatehouse, "/api/v1/fleets/" + fleet + "/suspend");
            assertThat(device.awaitEnd().word()).isEqualTo("suspended");
        }
        act(gatehouse, "/api/v1/fleets/" + fleet + "/resume");
        awaitAdmission(gatehouse);
    }

    private static void act(Gatehouse gatehouse, String path) {
        gatehouse.rest().post(path).expect(200);
    }

    /** Returns when every broker has what the directory has now. */
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

    /** The answer of an act does not wait for brokers; only a revocation's does. */
    private void awaitAdmission(Gatehouse gatehouse) {
        Await.until("the broker admits it again", SOON, () -> {
            try (MqttPeer back = gatehouse.mqtt(id).with(held).persistent().connect()) {
                return back.isOpen();
            } catch (AssertionError | RuntimeException refused) {
                return false;
            }
        });
    }
}
