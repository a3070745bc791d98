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
import io.gatehouse.testkit.TestAuthority;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Who gets in, and what they may do there, on the real HiveMQ with our extension and a feed. Each test has a device of its own. */
class AdmissionOnARealBrokerTest {
    static final Pki PKI = new Pki();
    static FakeService service;
    static BrokerHome home;
    static RealBroker broker;

    @BeforeAll
    static void start() throws Exception {
        service = new FakeService(PKI);
        service.change(
                World.fleet("f", World.TELEMETRY),
                World.fleet("apps", World.EVERYTHING),
                World.fleet("plus", Policy.of(Rule.subscribing("t/+"), Rule.publishing("t/+"))),
                World.fleet("none", Policy.NONE),
                World.fleet("two", World.TELEMETRY, FleetState.ACTIVE, 2),
                World.fleet("resting", World.TELEMETRY, FleetState.SUSPENDED, 1));
        home = BrokerHome.ready(PKI, service.url());
        broker = RealBroker.startReady(home);
    }

    @AfterAll
    static void stop() {
        broker.close();
        home.close();
        service.close();
    }

    static HeldCertificate known(String device, String fleet) {
        var held = PKI.device(device);
        service.awaitEnforced(service.change(World.device(device, fleet), World.valid(device, held)));
        return held;
    }

    static RawMqtt connected(HeldCertificate held, RawMqtt.Connect connect) {
        var mqtt = broker.connection(held);
        assertThat(mqtt.connect(connect).code()).isZero();
        return mqtt;
    }

    @Test
    void tells_of_a_certificate_that_is_used_in_two_places_and_ends_nobody_for_it() throws IOException {
        var copied = known("copied", "f");
        var connections = new ArrayList<RawMqtt>();
        try {
            for (int turn = 0; turn < 6; turn++) {
                var mqtt = broker.connection(copied, "127.0.0." + (2 + turn % 2));
                connections.add(mqtt);
                assertThat(mqtt.connect(v5("copied")).code()).isZero();
            }
            broker.awaitStatus("of device copied is used in two places");
            service.awaitReport("of device copied is used in two places");
            assertThat(broker.status()).contains("127.0.0.2", "127.0.0.3");
            connections.get(connections.size() - 1).ping();
        } finally {
            for (var each : connections) {
                each.close();
            }
        }
    }

    @Test
    void admits_a_known_device_and_carries_its_messages_in_both_versions() {
        var device = known("a-1", "f");
        var old = known("a-2", "f");
        var application = known("app-1", "apps");
        try (var listener = connected(application, v5("app-1"));
                var mqtt = connected(device, v5("a-1"));
                var mqtt311 = connected(old, v311("a-2"))) {
            assertThat(listener.subscribe("devices/+/telemetry/#", 1).code()).isEqualTo(1);
            assertThat(mqtt.publish("devices/a-1/telemetry/t", "21").code()).isZero();
            assertThat(listener.next().text())
                    .contains("devices/a-1/telemetry/t")
                    .endsWith("21");
            assertThat(mqtt311.publish("devices/a-2/telemetry/t", "22").code()).isZero();
            assertThat(listener.next().text())
                    .contains("devices/a-2/telemetry/t")
                    .endsWith("22");
        }
    }

    @Test
    void refuses_with_the_word_whoever_is_not_known() {
        try (var unknown = broker.connection(PKI.device("nobody"));
                var unknown311 = broker.connection(PKI.device("nobody"))) {
            var connack = unknown.connect(v5("nobody"));
            assertThat(connack.code()).isEqualTo(0x87);
            assertThat(connack.text()).contains("unknown-certificate");
            assertThat(unknown.next().closed()).isTrue();
            assertThat(unknown311.connect(v311("nobody")).code()).isEqualTo(5);
        }
        service.awaitReport("unknown-certificate");
    }

    @Test
    void refuses_a_certificate_that_our_own_authority_signed_with_the_serial_of_a_live_device() {
        var device = known("f-1", "f");
        var forged = PKI.devicesCa.device(
                "f-1", order -> order.serial(device.certificate().getSerialNumber()));
        try (var forger = broker.connection(forged)) {
            assertThat(forger.connect(v5("f-1")).text()).contains("unknown-certificate");
        }
    }

    @Test
    void tells_each_refused_device_its_own_word() {
        var suspended = known("s-1", "f");
        service.awaitEnforced(service.change(
                World.device("s-1", "f", DeviceState.SUSPENDED, 0),
                World.certificate("s-1", suspended, CertificateState.HELD)));
        var revoked = known("s-2", "f");
        service.awaitEnforced(service.change(World.revocation("s-2", "f", 1, revoked)));
        var gone = known("s-3", "f");
        service.awaitEnforced(service.change(
                World.device("s-3", "f", DeviceState.DECOMMISSIONED, 1),
                World.certificate("s-3", gone, CertificateState.REVOKED)));
        var old = known("s-4", "f");
        service.awaitEnforced(service.change(World.certificate("s-4", old, CertificateState.SUPERSEDED)));
        var resting = known("s-5", "resting");
        assertRefused(suspended, "s-1", 0x87, "suspended");
        assertRefused(revoked, "s-2", 0x8a, "revoked");
        assertRefused(gone, "s-3", 0x8a, "decommissioned");
        assertRefused(old, "s-4", 0x87, "superseded");
        assertRefused(resting, "s-5", 0x87, "suspended");
    }

    private static void assertRefused(HeldCertificate held, String clientId, int code, String word) {
        try (var mqtt = broker.connection(held);
                var old = broker.connection(held)) {
            var connack = mqtt.connect(v5(clientId));
            assertThat(connack.code()).isEqualTo(code);
            assertThat(connack.text()).contains(word);
            assertThat(old.connect(v311(clientId)).code()).isNotZero();
        }
    }

    @Test
    void refuses_a_stolen_client_id_and_leaves_its_owner_alone() {
        var owner = known("o-1", "f");
        var thief = known("o-2", "f");
        try (var mine = connected(owner, v5("o-1").persistent());
                var stolen = broker.connection(thief)) {
            var connack = stolen.connect(v5("o-1").persistent());
            assertThat(connack.code()).isEqualTo(0x85);
            assertThat(connack.text()).contains("client-id-mismatch");
            mine.ping();
        }
    }

    @Test
    void refuses_an_empty_client_id_and_ids_that_only_look_alike() {
        var held = known("e-1", "f");
        for (String id : List.of("", "E-1", "e-1 ", "e-1:x", "e-1/x", "e-1\u0001")) {
            try (var mqtt = broker.connection(held)) {
                var answer = mqtt.connect(v5(id));
                assertThat(answer.closed() || answer.code() != 0).as(id).isTrue();
            }
        }
    }

    @Test
    void allows_as_many_sessions_as_the_fleet_says_and_takes_over_the_own() {
        var held = known("two-1", "two");
        try (var first = connected(held, v5("two-1"));
                var second = connected(held, v5("two-1:b"));
                var third = broker.connection(held)) {
            var connack = third.connect(v5("two-1:c"));
            assertThat(connack.code()).isEqualTo(0x97);
            assertThat(connack.text()).contains("session-limit");
            try (var again = connected(held, v5("two-1:b"))) {
                assertThat(second.next().code()).isEqualTo(0x8e);
                first.ping();
                again.ping();
            }
        }
    }

    @Test
    void refuses_topics_that_no_rule_allows() {
        var held = known("t-1", "f");
        try (var mqtt = connected(held, v5("t-1"))) {
            assertThat(mqtt.subscribe("devices/t-2/commands/#", 0).code()).isEqualTo(0x87);
            assertThat(mqtt.subscribe("#", 0).code()).isEqualTo(0x87);
            assertThat(mqtt.subscribe("$share/g/devices/+/commands/#", 0).code())
                    .isEqualTo(0x87);
            assertThat(mqtt.subscribe("devices/t-1/commands/#", 1).code()).isEqualTo(1);
            var puback = mqtt.publish("devices/t-2/telemetry/x", "1");
            assertThat(puback.code()).isEqualTo(0x87);
            assertThat(puback.text()).contains("topic-not-allowed");
            assertThat(mqtt.next().code()).isEqualTo(0x87);
            assertThat(mqtt.next().closed()).isTrue();
        }
        try (var old = connected(held, v311("t-1"))) {
            assertThat(old.subscribe("devices/t-1/#", 0).code()).isEqualTo(0x80);
            assertThat(old.publish("devices/t-1/other", "1").closed()).isTrue();
        }
    }

    @Test
    void does_not_take_a_plus_for_a_hash_nor_forgive_a_trailing_slash() {
        var held = known("p-1", "plus");
        try (var mqtt = connected(held, v5("p-1"))) {
            assertThat(mqtt.subscribe("t/#", 0).code()).isEqualTo(0x87);
            assertThat(mqtt.subscribe("t/+/", 0).code()).isEqualTo(0x87);
            assertThat(mqtt.subscribe("t/+", 0).code()).isZero();
            assertThat(mqtt.publish("t/x/", "1").code()).isEqualTo(0x87);
        }
    }

    @Test
    void gives_a_fleet_without_rules_nothing() {
        var held = known("none-1", "none");
        try (var mqtt = connected(held, v5("none-1"))) {
            assertThat(mqtt.subscribe("#", 0).code()).isEqualTo(0x87);
            assertThat(mqtt.subscribe("devices/none-1/x", 0).code()).isEqualTo(0x87);
            assertThat(mqtt.publish("devices/none-1/x", "1").code()).isEqualTo(0x87);
        }
    }

    @Test
    void refuses_a_will_that_no_rule_allows_and_sends_one_that_is_allowed() throws Exception {
        var held = known("w-1", "f");
        var application = known("app-2", "apps");
        try (var listener = connected(application, v5("app-2"));
                var refused = broker.connection(held);
                var old = broker.connection(held)) {
            assertThat(listener.subscribe("devices/w-1/#", 1).code()).isEqualTo(1);
            var connack = refused.connect(v5("w-1").will("devices/w-2/telemetry/gone", "bye", 0));
            assertThat(connack.code()).isEqualTo(0x87);
            assertThat(connack.text()).contains("topic-not-allowed");
            assertThat(old.connect(v311("w-1").will("devices/w-2/x", "bye", 0)).code())
                    .isEqualTo(5);
            try (var allowed = connected(held, v5("w-1").will("devices/w-1/telemetry/gone", "bye", 0))) {
                allowed.ping();
                allowed.socket.close();
            }
            assertThat(listener.next().text())
                    .contains("devices/w-1/telemetry/gone")
                    .endsWith("bye");
        }
    }

    @Test
    void lets_nobody_past_tls_who_is_foreign_expired_or_without_a_certificate() {
        var foreign = TestAuthority.root().devicesCa().device("x-1");
        var expired = PKI.devicesCa.device("x-1", order -> order.expired());
        for (var mqtt : List.of(broker.connection(foreign), broker.connection(expired), broker.anonymous())) {
            try (mqtt) {
                assertThat(mqtt.connect(v5("x-1")).closed()).isTrue();
            }
        }
    }

    @Test
    void ignores_what_a_refused_client_sends_with_its_connect() throws Exception {
        var application = known("app-3", "apps");
        try (var listener = connected(application, v5("app-3"));
                var stranger = broker.connection(PKI.device("z-1"))) {
            assertThat(listener.subscribe("#", 0).code()).isZero();
            stranger.socket.getOutputStream().write(stranger.connectPacket(v5("z-1")));
            stranger.send(stranger.publishPacket("devices/z-1/telemetry/x", "smuggled", 0, true));
            assertThat(stranger.next().code()).isEqualTo(0x87);
            assertThat(stranger.next().closed()).isTrue();
            var other = broker.connection(application);
            try (other) {
                // A second listener would get the retained message.
                assertThat(other.connect(v5("app-3")).code()).isZero();
                assertThat(other.subscribe("devices/z-1/#", 0).code()).isZero();
                other.ping();
            }
        }
    }

    @Test
    void decides_by_the_certificate_whatever_authentication_method_a_client_brings() {
        var held = known("m-1", "f");
        try (var stranger = broker.connection(PKI.device("m-1"));
                var device = broker.connection(held)) {
            // CONNECT with the property Authentication Method (0x15) "X1".
            byte[] connect = {
                0x10, 21, 0, 4, 'M', 'Q', 'T', 'T', 5, 2, 0, 60, 5, 0x15, 0, 2, 'X', '1', 0, 3, 'm', '-', '1'
            };
            stranger.send(connect);
            var refusal = stranger.next();
            assertThat(refusal.closed() || refusal.code() >= 0x80).isTrue();
            device.send(connect);
            device.next();
            // Re-authentication, which nobody offers here: the session ends or goes on as it was.
            device.send(new byte[] {(byte) 0xf0, 7, 0x19, 5, 0x15, 0, 2, 'X', '1'});
            var answer = device.subscribe("#", 0);
            assertThat(answer.closed() || answer.code() >= 0x80).isTrue();
        }
    }
}
