package io.gatehouse.broker.real;

import static io.gatehouse.broker.real.RawMqtt.Connect.v311;
import static io.gatehouse.broker.real.RawMqtt.Connect.v5;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.identity.CertificateState;
import io.gatehouse.identity.DeviceState;
import io.gatehouse.identity.FleetState;
import io.gatehouse.identity.policy.Policy;
import io.gatehouse.identity.policy.Rule;
import io.gatehouse.testkit.HeldCertificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a change of the directory does to those who are in or have left something behind, on the real HiveMQ. */
class RevocationOnARealBrokerTest {
    static final Pki PKI = new Pki();
    static FakeService service;
    static BrokerHome home;
    static RealBroker broker;
    static HeldCertificate application;

    @BeforeAll
    static void start() throws Exception {
        service = new FakeService(PKI);
        service.change(World.fleet("f", World.TELEMETRY), World.fleet("apps", World.EVERYTHING));
        home = BrokerHome.ready(PKI, service.url());
        broker = RealBroker.startReady(home);
        application = known("app", "apps");
    }

    @AfterAll
    static void stop() {
        broker.close();
        home.close();
        service.close();
    }

    static HeldCertificate known(String device, String fleet) {
        return known(device, fleet, PKI.device(device));
    }

    static HeldCertificate known(String device, String fleet, HeldCertificate held) {
        service.awaitEnforced(service.change(World.device(device, fleet), World.valid(device, held)));
        return held;
    }

    static RawMqtt connected(HeldCertificate held, RawMqtt.Connect connect) {
        var mqtt = broker.connection(held);
        assertThat(mqtt.connect(connect).code()).isZero();
        return mqtt;
    }

    /** A second application client, so that tests do not take each other's session over. */
    static RawMqtt application(String id) {
        return connected(known(id, "apps"), v5(id));
    }

    @Test
    void drops_a_revoked_device_with_the_word_and_without_its_will_in_both_versions() {
        var held = known("r-1", "f");
        var held311 = known("r-2", "f");
        try (var listener = application("app-r");
                var mqtt = connected(held, v5("r-1").persistent().will("devices/r-1/telemetry/will", "bye", 0));
                var mqtt311 = connected(held311, v311("r-2").will("devices/r-2/telemetry/will", "bye", 0))) {
            listener.subscribe("devices/+/telemetry/will", 1);
            service.change(World.revocation("r-1", "f", 1, held));
            var disconnect = mqtt.next();
            assertThat(disconnect.type()).isEqualTo(14);
            assertThat(disconnect.code()).isEqualTo(0x98);
            assertThat(disconnect.text()).contains("revoked");
            assertThat(mqtt.next().closed()).isTrue();
            long revision = service.change(World.revocation("r-2", "f", 1, held311));
            assertThat(mqtt311.next().closed()).isTrue();
            service.awaitEnforced(revision);
            listener.ping();
        }
        service.awaitReport("\"sessions\":1");
        service.awaitReport("\"reason\":\"revoked\"");
    }

    @Test
    void gives_a_successor_nothing_that_was_queued_for_the_revoked_device() {
        var held = known("q-1", "f");
        try (var sender = application("app-q");
                var mqtt = connected(held, v5("q-1").persistent())) {
            mqtt.subscribe("devices/q-1/commands/#", 1);
            mqtt.close();
            assertThat(sender.publish("devices/q-1/commands/c", "for the first").code())
                    .isZero();
            service.awaitEnforced(service.change(World.revocation("q-1", "f", 1, held)));
            var successor = PKI.device("q-1");
            service.awaitEnforced(service.change(World.valid("q-1", successor)));
            try (var next = broker.connection(successor)) {
                var connack = next.connect(v5("q-1").persistent());
                assertThat(connack.code()).isZero();
                assertThat(connack.sessionPresent()).isFalse();
                next.ping();
                assertThat(sender.publish("devices/q-1/commands/c", "for nobody")
                                .code())
                        .isIn(0, 0x10);
                next.ping();
            }
        }
    }

    @Test
    void purges_when_it_learns_of_revocation_and_successor_in_one_change() {
        var held = known("q-2", "f");
        var successor = PKI.device("q-2");
        try (var sender = application("app-q2");
                var live = connected(held, v5("q-2").persistent())) {
            live.subscribe("devices/q-2/commands/#", 1);
            live.disconnect();
            assertThat(live.next().closed()).isTrue();
            sender.publish("devices/q-2/commands/c", "secret");
            service.awaitEnforced(service.change(
                    World.device("q-2", "f", DeviceState.ACTIVE, 1),
                    World.certificate("q-2", held, CertificateState.REVOKED),
                    World.valid("q-2", successor)));
            RawMqtt.Packet connack;
            RawMqtt next;
            do {
                next = broker.connection(successor);
                connack = next.connect(v5("q-2").persistent());
                // For a moment the purge may not be done: unavailable, and nothing else.
                assertThat(connack.code()).isIn(0, 0x88);
            } while (connack.code() != 0);
            assertThat(connack.sessionPresent()).isFalse();
            next.ping();
            next.close();
        }
    }

    @Test
    void cuts_a_revoked_client_that_does_not_read() {
        service.change(World.fleet("deaf", World.EVERYTHING));
        var held = known("deaf-1", "deaf");
        try (var deaf = connected(held, v5("deaf-1"));
                var sender = application("app-deaf")) {
            assertThat(deaf.subscribe("noise", 0).code()).isZero();
            // More than the sockets' buffers and HiveMQ's queue hold, and nobody reads it.
            byte[] noise = sender.publishPacket("noise", "x".repeat(200_000), 0, false);
            for (int i = 0; i < 100; i++) {
                sender.send(noise);
            }
            sender.ping();
            long revision = service.change(World.revocation("deaf-1", "deaf", 1, held));
            service.awaitEnforced(revision);
            RawMqtt.Packet last;
            do {
                last = deaf.next();
            } while (last.type() == 3);
            assertThat(last.type()).isIn(0, 14);
            assertThat(broker.log()).contains("deaf-1 does not take its DISCONNECT");
        }
    }

    @Test
    void keeps_the_queue_of_a_suspended_device_for_its_return() {
        var held = known("s-1", "f");
        try (var sender = application("app-s");
                var mqtt = connected(held, v5("s-1").persistent())) {
            mqtt.subscribe("devices/s-1/commands/#", 1);
            service.change(
                    World.device("s-1", "f", DeviceState.SUSPENDED, 0),
                    World.certificate("s-1", held, CertificateState.HELD));
            assertThat(mqtt.next().text()).contains("suspended");
            assertThat(mqtt.next().closed()).isTrue();
            assertThat(sender.publish("devices/s-1/commands/c", "kept").code()).isZero();
            service.awaitEnforced(service.change(World.device("s-1", "f"), World.valid("s-1", held)));
            try (var back = broker.connection(held)) {
                var connack = back.connect(v5("s-1").persistent());
                assertThat(connack.sessionPresent()).isTrue();
                assertThat(back.next().text()).endsWith("kept");
            }
        }
    }

    @Test
    void ends_only_the_sessions_of_a_certificate_that_is_revoked_by_itself() {
        var first = known("c-1", "f");
        var second = known("c-2", "f");
        var renewed = known("c-1", "f", PKI.device("c-1"));
        try (var mqtt = connected(first, v5("c-1").persistent());
                var other = connected(second, v5("c-2"))) {
            mqtt.subscribe("devices/c-1/commands/#", 1);
            service.change(World.certificate("c-1", first, CertificateState.REVOKED));
            assertThat(mqtt.next().text()).contains("revoked");
            other.ping();
            try (var again = broker.connection(renewed)) {
                assertThat(again.connect(v5("c-1").persistent()).sessionPresent())
                        .isTrue();
            }
        }
    }

    @Test
    void lets_the_session_of_a_superseded_certificate_stay_and_refuses_its_return() {
        var old = known("u-1", "f");
        try (var mqtt = connected(old, v5("u-1"));
                var again = broker.connection(old)) {
            service.awaitEnforced(service.change(World.certificate("u-1", old, CertificateState.SUPERSEDED)));
            mqtt.ping();
            assertThat(again.connect(v5("u-1")).text()).contains("superseded");
            mqtt.ping();
            // Its rights follow the fleet all the same.
            assertThat(mqtt.publish("devices/u-1/telemetry/x", "1").code()).isIn(0, 0x10);
        }
    }

    @Test
    void closes_a_whole_fleet_at_once() {
        service.change(World.fleet("many", World.TELEMETRY));
        List<RawMqtt> all = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            all.add(connected(known("m-" + i, "many"), v5("m-" + i)));
        }
        service.change(World.fleet("many", World.TELEMETRY, FleetState.SUSPENDED, 1));
        for (var mqtt : all) {
            assertThat(mqtt.next().text()).contains("suspended");
            assertThat(mqtt.next().closed()).isTrue();
            mqtt.close();
        }
        service.awaitReport("\"sessions\":20");
    }

    @Test
    void narrows_live_sessions_when_the_policy_changes() {
        service.change(
                World.fleet("wide", Policy.of(Rule.subscribing("news/#", "alerts/#"), Rule.publishing("a/#", "b/#"))));
        var held = known("n-1", "wide");
        try (var sender = application("app-n");
                var mqtt = connected(held, v5("n-1"))) {
            assertThat(mqtt.subscribe("news/#", 1).code()).isEqualTo(1);
            assertThat(mqtt.subscribe("alerts/#", 1).code()).isEqualTo(1);
            sender.publish("news/x", "before");
            assertThat(mqtt.next().text()).endsWith("before");
            service.awaitEnforced(service.change(
                    World.fleet("wide", Policy.of(Rule.subscribing("alerts/#"), Rule.publishing("a/#")))));
            sender.publish("news/x", "hidden");
            sender.publish("alerts/x", "seen");
            assertThat(mqtt.next().text()).endsWith("seen");
            assertThat(mqtt.publish("b/x", "no").code()).isEqualTo(0x87);
        }
    }

    @Test
    void removes_what_a_stored_session_may_no_longer_subscribe_to_before_it_resumes() {
        service.change(World.fleet("was", Policy.of(Rule.subscribing("news/#", "alerts/#"))));
        var held = known("v-1", "was");
        try (var sender = application("app-v");
                var mqtt = connected(held, v5("v-1").persistent())) {
            mqtt.subscribe("news/#", 1);
            mqtt.subscribe("alerts/#", 1);
            mqtt.disconnect();
            assertThat(mqtt.next().closed()).isTrue();
            sender.publish("news/x", "queued while it was allowed");
            service.awaitEnforced(service.change(World.fleet("was", Policy.of(Rule.subscribing("alerts/#")))));
            try (var back = broker.connection(held)) {
                assertThat(back.connect(v5("v-1").persistent()).sessionPresent())
                        .isTrue();
                sender.publish("news/x", "after");
                sender.publish("alerts/x", "seen");
                assertThat(back.next().text()).endsWith("seen");
            }
        }
    }

    @Test
    void ends_a_session_when_its_certificate_expires() {
        var brief = PKI.devicesCa.device(
                "x-1",
                order -> order.validity(
                        Instant.now().minusSeconds(60), Instant.now().plusSeconds(15)));
        known("x-1", "f", brief);
        try (var mqtt = connected(brief, v5("x-1"))) {
            var disconnect = mqtt.next();
            assertThat(disconnect.text()).contains("expired");
            assertThat(Instant.now())
                    .isAfterOrEqualTo(brief.certificate().getNotAfter().toInstant());
        }
    }

    @Test
    void drops_the_delayed_will_of_a_device_that_is_away_when_it_is_revoked() {
        var held = known("d-1", "f");
        try (var listener = application("app-d");
                var mqtt = connected(held, v5("d-1").persistent().will("devices/d-1/telemetry/will", "late", 2))) {
            listener.subscribe("devices/d-1/#", 1);
            mqtt.ping();
            mqtt.close();
            service.awaitEnforced(service.change(World.revocation("d-1", "f", 1, held)));
            awaitALaterWillFirst(listener, "d-3");
        }
    }

    @Test
    void drops_the_delayed_will_of_a_suspended_device_while_another_client_of_it_is_in() {
        service.change(World.fleet("pairs", World.TELEMETRY, FleetState.ACTIVE, 2));
        var held = known("w-1", "pairs");
        try (var listener = application("app-w");
                var stays = connected(held, v5("w-1").persistent());
                var breaks = connected(held, withAWill("w-1", "w-1:b"))) {
            listener.subscribe("devices/w-1/#", 1);
            breaks.ping();
            breaks.close();
            service.awaitReport("\"clientId\":\"w-1:b\",\"device\":\"w-1\",\"reason\":\"network\"");
            suspend("w-1", held);
            assertThat(stays.next().text()).contains("suspended");
            awaitALaterWillFirst(listener, "w-2");
        }
    }

    @Test
    void drops_the_delayed_will_of_a_connection_that_broke_as_its_device_was_suspended() {
        service.change(World.fleet("pairs", World.TELEMETRY, FleetState.ACTIVE, 2));
        try (var listener = application("app-y")) {
            for (int i = 0; i < 5; i++) {
                String device = "y-" + i;
                var held = known(device, "pairs");
                listener.subscribe("devices/" + device + "/#", 1);
                try (var stays = connected(held, v5(device).persistent());
                        var breaks = connected(held, withAWill(device, device + ":b"))) {
                    breaks.ping();
                    breaks.close();
                    suspend(device, held);
                    assertThat(stays.next().text()).contains("suspended");
                }
            }
            awaitALaterWillFirst(listener, "y-9");
        }
    }

    private static RawMqtt.Connect withAWill(String device, String clientId) {
        return v5(clientId).persistent().will("devices/" + device + "/telemetry/will", "late", 2);
    }

    private static void suspend(String device, HeldCertificate held) {
        service.awaitEnforced(service.change(
                World.device(device, "pairs", DeviceState.SUSPENDED, 0),
                World.certificate(device, held, CertificateState.HELD)));
    }

    /** A will that is due later than all before it is the first that comes. */
    private static void awaitALaterWillFirst(RawMqtt listener, String device) {
        listener.subscribe("devices/" + device + "/#", 1);
        try (var late = connected(
                known(device, "apps"), v5(device).persistent().will("devices/" + device + "/witness", "came", 4))) {
            late.ping();
            late.close();
            assertThat(listener.next().text()).contains("witness");
        }
    }
}
