package io.gatehouse.broker.real;

import static io.gatehouse.broker.real.RawMqtt.Connect.v311;
import static io.gatehouse.broker.real.RawMqtt.Connect.v5;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.identity.CertificateState;
import io.gatehouse.identity.policy.Policy;
import io.gatehouse.identity.policy.Rule;
import io.gatehouse.testkit.HeldCertificate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A will that the directory no longer allows is never published, on the real HiveMQ, whenever it was left. */
class WillsOnARealBrokerTest {
    private static final int LATE_SECONDS = 2;
    private static final int LATER_SECONDS = 4;

    static final Pki PKI = new Pki();
    static FakeService service;
    static BrokerHome home;
    static RealBroker broker;

    @BeforeAll
    static void start() throws Exception {
        service = new FakeService(PKI);
        service.change(World.fleet("f", World.TELEMETRY), World.fleet("apps", World.EVERYTHING));
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

    private static RawMqtt listener(String id, String filter) {
        var mqtt = connected(known(id, "apps"), v5(id));
        assertThat(mqtt.subscribe(filter, 1).code()).isEqualTo(1);
        return mqtt;
    }

    private static Policy publishing(String... topics) {
        return Policy.of(Rule.publishing(topics));
    }

    @Test
    void ends_a_live_session_whose_will_a_policy_forbids_in_both_versions() {
        service.change(World.fleet("narrowed", publishing("a/#", "wills/#")));
        var held = known("n-1", "narrowed");
        var held311 = known("n-2", "narrowed");
        var other = known("n-3", "narrowed");
        try (var listener = listener("app-n", "#");
                var mqtt = connected(held, v5("n-1").will("wills/n-1", "bye", 0));
                var mqtt311 = connected(held311, v311("n-2").will("wills/n-2", "bye", 0));
                var stays = connected(other, v5("n-3").will("a/n-3", "allowed", 0))) {
            service.awaitEnforced(service.change(World.fleet("narrowed", publishing("a/#"))));
            assertThat(mqtt.next().text()).contains("topic-not-allowed");
            assertThat(mqtt.next().closed()).isTrue();
            assertThat(mqtt311.next().closed()).isTrue();
            stays.ping();
            // Were the others published, they would have come before this one.
            stays.close();
            assertThat(listener.next().text()).contains("a/n-3");
        }
    }

    @Test
    void drops_the_delayed_will_that_a_policy_forbids() {
        service.change(World.fleet("later", publishing("a/#", "wills/#")));
        var held = known("l-1", "later");
        try (var listener = listener("app-l", "wills/#");
                var mqtt = connected(held, late("l-1", "wills/l-1"))) {
            mqtt.ping();
            mqtt.close();
            service.awaitReport("\"clientId\":\"l-1\",\"device\":\"l-1\",\"reason\":\"network\"");
            service.awaitEnforced(service.change(World.fleet("later", publishing("a/#"))));
            awaitALaterWillFirst(listener, "l-9");
        }
    }

    @Test
    void drops_the_delayed_will_of_a_device_that_is_moved() {
        service.change(World.fleet("from", publishing("wills/#")), World.fleet("to", publishing("a/#")));
        var held = known("m-1", "from");
        try (var listener = listener("app-m", "wills/#");
                var mqtt = connected(held, late("m-1", "wills/m-1"))) {
            mqtt.ping();
            mqtt.close();
            service.awaitEnforced(service.change(World.device("m-1", "to")));
            awaitALaterWillFirst(listener, "m-9");
        }
    }

    @Test
    void drops_the_delayed_will_that_was_left_with_a_stolen_certificate() {
        var stolen = known("t-1", "f");
        var renewed = known("t-1", "f");
        try (var listener = listener("app-t", "devices/t-1/#");
                var thief = connected(stolen, late("t-1", "devices/t-1/telemetry/will"))) {
            thief.ping();
            thief.close();
            service.awaitEnforced(service.change(World.certificate("t-1", stolen, CertificateState.REVOKED)));
            listener.subscribe("wills/#", 1);
            awaitALaterWillFirst(listener, "t-9");
            try (var device = connected(renewed, v5("t-1"))) {
                device.ping();
            }
        }
    }

    private static RawMqtt.Connect late(String device, String topic) {
        return v5(device).persistent().will(topic, "late", LATE_SECONDS);
    }

    /** A will that is due later than all before it is the first that comes. */
    private static void awaitALaterWillFirst(RawMqtt listener, String device) {
        var will = v5(device).persistent().will("wills/" + device, "came", LATER_SECONDS);
        try (var late = connected(known(device, "apps"), will)) {
            late.ping();
            late.close();
            assertThat(listener.next().text()).contains("wills/" + device);
        }
    }
}
