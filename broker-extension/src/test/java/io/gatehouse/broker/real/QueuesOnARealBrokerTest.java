package io.gatehouse.broker.real;

import static io.gatehouse.broker.real.RawMqtt.Connect.v5;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.identity.CertificateState;
import io.gatehouse.identity.DeviceState;
import io.gatehouse.identity.FleetState;
import io.gatehouse.testkit.HeldCertificate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the acts of "What ends what" leave of a device's session and its queue, on the real HiveMQ: kept and delivered, or purged. */
class QueuesOnARealBrokerTest {
    static final Pki PKI = new Pki();
    static FakeService service;
    static BrokerHome home;
    static RealBroker broker;
    static RawMqtt sender;

    @BeforeAll
    static void start() throws Exception {
        service = new FakeService(PKI);
        service.change(
                World.fleet("f", World.TELEMETRY),
                World.fleet("pairs", World.TELEMETRY, FleetState.ACTIVE, 2),
                World.fleet("resting", World.TELEMETRY),
                World.fleet("apps", World.EVERYTHING));
        home = BrokerHome.ready(PKI, service.url());
        broker = RealBroker.startReady(home);
        sender = connected(known("app", "apps"), v5("app"));
    }

    @AfterAll
    static void stop() {
        sender.close();
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

    /** A live session that stays and wants its commands. */
    private static RawMqtt subscribed(String device, HeldCertificate held) {
        var mqtt = connected(held, v5(device).persistent());
        assertThat(mqtt.subscribe("devices/" + device + "/commands/#", 1).code())
                .isEqualTo(1);
        return mqtt;
    }

    private static void leave(RawMqtt mqtt) {
        mqtt.disconnect();
        assertThat(mqtt.next().closed()).isTrue();
    }

    private static void send(String device, String text) {
        assertThat(sender.publish("devices/" + device + "/commands/c", text).code())
                .isZero();
    }

    /** Takes its session up again, and finds these in it, and nothing else. */
    private static void assertKept(String device, HeldCertificate held, String... texts) {
        try (var back = broker.connection(held)) {
            var connack = back.connect(v5(device).persistent());
            assertThat(connack.code()).isZero();
            assertThat(connack.sessionPresent()).isTrue();
            for (var text : texts) {
                assertThat(back.next().text()).endsWith(text);
            }
            back.ping();
        }
    }

    @Test
    void keeps_the_queue_of_a_superseded_certificate_for_its_successor() {
        var old = known("u-1", "f");
        var successor = known("u-1", "f");
        try (var mqtt = subscribed("u-1", old)) {
            leave(mqtt);
            send("u-1", "before");
            service.awaitEnforced(service.change(World.certificate("u-1", old, CertificateState.SUPERSEDED)));
            send("u-1", "after");
            assertKept("u-1", successor, "before", "after");
        }
    }

    @Test
    void keeps_the_session_that_a_superseded_certificate_is_in_for_its_successor() {
        var old = known("u-2", "f");
        var successor = known("u-2", "f");
        try (var mqtt = subscribed("u-2", old)) {
            service.awaitEnforced(service.change(World.certificate("u-2", old, CertificateState.SUPERSEDED)));
            send("u-2", "while it is in");
            assertThat(mqtt.next().text()).endsWith("while it is in");
            leave(mqtt);
            send("u-2", "while it is away");
            assertKept("u-2", successor, "while it is away");
        }
    }

    @Test
    void keeps_the_queue_of_a_revoked_certificate_for_the_other_one() {
        var revoked = known("c-1", "f");
        var other = known("c-1", "f");
        try (var mqtt = subscribed("c-1", revoked)) {
            leave(mqtt);
            send("c-1", "before");
            service.awaitEnforced(service.change(World.certificate("c-1", revoked, CertificateState.REVOKED)));
            send("c-1", "after");
            assertKept("c-1", other, "before", "after");
        }
    }

    @Test
    void keeps_the_session_that_a_revoked_certificate_was_in_for_the_other_one() {
        var revoked = known("c-2", "f");
        var other = known("c-2", "f");
        try (var mqtt = subscribed("c-2", revoked)) {
            service.change(World.certificate("c-2", revoked, CertificateState.REVOKED));
            assertThat(mqtt.next().text()).contains("revoked");
            assertThat(mqtt.next().closed()).isTrue();
            send("c-2", "after");
            assertKept("c-2", other, "after");
        }
    }

    @Test
    void ends_of_one_devices_sessions_those_made_with_the_certificate_that_is_revoked() {
        var revoked = known("c-3", "pairs");
        var other = known("c-3", "pairs");
        try (var ends = connected(revoked, v5("c-3"));
                var stays = connected(other, v5("c-3:b"))) {
            assertThat(stays.subscribe("devices/c-3/commands/#", 1).code()).isEqualTo(1);
            long revision = service.change(World.certificate("c-3", revoked, CertificateState.REVOKED));
            assertThat(ends.next().text()).contains("revoked");
            assertThat(ends.next().closed()).isTrue();
            service.awaitEnforced(revision);
            stays.ping();
            send("c-3", "to who stays");
            assertThat(stays.next().text()).endsWith("to who stays");
        }
    }

    @Test
    void keeps_the_queue_of_a_device_of_a_suspended_fleet() {
        var live = known("s-1", "resting");
        var away = known("s-2", "resting");
        try (var mqtt = subscribed("s-1", live);
                var left = subscribed("s-2", away)) {
            leave(left);
            send("s-2", "before");
            service.change(World.fleet("resting", World.TELEMETRY, FleetState.SUSPENDED, 1));
            assertThat(mqtt.next().text()).contains("suspended");
            assertThat(mqtt.next().closed()).isTrue();
            send("s-1", "meanwhile");
            send("s-2", "meanwhile");
            service.awaitEnforced(service.change(World.fleet("resting", World.TELEMETRY)));
            assertKept("s-1", live, "meanwhile");
            assertKept("s-2", away, "before", "meanwhile");
        }
    }

    /** Nobody ever connects as a decommissioned device again: that nothing is left is seen in a world that the service never makes. */
    @Test
    void purges_what_a_decommissioned_device_leaves() {
        var live = known("x-1", "f");
        var away = known("x-2", "f");
        try (var mqtt = subscribed("x-1", live);
                var left = subscribed("x-2", away)) {
            leave(left);
            send("x-2", "for the first");
            decommission("x-1", live);
            assertThat(mqtt.next().text()).contains("decommissioned");
            assertThat(mqtt.next().closed()).isTrue();
            decommission("x-2", away);
            assertGone("x-1");
            assertGone("x-2");
        }
    }

    private static void decommission(String device, HeldCertificate held) {
        service.awaitEnforced(service.change(
                World.device(device, "f", DeviceState.DECOMMISSIONED, 1),
                World.certificate(device, held, CertificateState.REVOKED)));
    }

    private static void assertGone(String device) {
        var successor = PKI.device(device);
        service.awaitEnforced(
                service.change(World.device(device, "f", DeviceState.ACTIVE, 1), World.valid(device, successor)));
        try (var next = broker.connection(successor)) {
            var connack = next.connect(v5(device).persistent());
            assertThat(connack.code()).isZero();
            assertThat(connack.sessionPresent()).isFalse();
            next.ping();
        }
    }
}
