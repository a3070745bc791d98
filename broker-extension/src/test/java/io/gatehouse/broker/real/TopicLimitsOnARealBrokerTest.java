package io.gatehouse.broker.real;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.identity.policy.Policy;
import io.gatehouse.identity.policy.Retain;
import io.gatehouse.identity.policy.Rule;
import io.gatehouse.identity.policy.Shared;
import io.gatehouse.testkit.HeldCertificate;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The limits of rules, on the real HiveMQ, in both versions of MQTT: QoS, retain, shared, and topics that differ in empty levels. */
class TopicLimitsOnARealBrokerTest {
    private static final Policy LIMITED = Policy.of(
            new Rule(List.of("q/${device}"), List.of(), 1, Retain.NEVER, Shared.ANY),
            new Rule(List.of("kept/${device}"), List.of("kept/${device}"), 2, Retain.ONLY, Shared.ANY),
            new Rule(List.of(), List.of("alone/#"), 1, Retain.ANY, Shared.NEVER),
            new Rule(List.of(), List.of("together/#"), 2, Retain.ANY, Shared.ONLY),
            new Rule(List.of(), List.of("pair/#"), 1, Retain.ANY, Shared.ONLY));

    private static final Pki PKI = new Pki();
    private static FakeService service;
    private static BrokerHome home;
    private static RealBroker broker;

    @BeforeAll
    static void start() throws Exception {
        service = new FakeService(PKI);
        service.change(World.fleet("limited", LIMITED));
        home = BrokerHome.ready(PKI, service.url());
        broker = RealBroker.startReady(home);
    }

    @AfterAll
    static void stop() {
        broker.close();
        home.close();
        service.close();
    }

    private static HeldCertificate known(String device) {
        var held = PKI.device(device);
        service.awaitEnforced(service.change(World.device(device, "limited"), World.valid(device, held)));
        return held;
    }

    private static RawMqtt.Connect connect(String device, int version) {
        return version == 5 ? RawMqtt.Connect.v5(device) : RawMqtt.Connect.v311(device);
    }

    private static RawMqtt connected(HeldCertificate held, RawMqtt.Connect connect) {
        var mqtt = broker.connection(held);
        assertThat(mqtt.connect(connect).code()).isZero();
        return mqtt;
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void a_message_keeps_to_qos_retain_and_every_level(int version) {
        String device = "p-" + version;
        var held = known(device);
        record Case(String topic, int qos, boolean retain, boolean allowed) {}
        for (var each : List.of(
                new Case("q/" + device, 1, false, true),
                new Case("q/" + device, 2, false, false),
                new Case("q/" + device, 1, true, false),
                new Case("q/" + device + "/", 1, false, false),
                new Case("/q/" + device, 1, false, false),
                new Case("q//" + device, 1, false, false),
                new Case("kept/" + device, 1, false, false),
                new Case("kept/" + device, 2, true, true))) {
            try (var mqtt = connected(held, connect(device, version))) {
                mqtt.send(mqtt.publishPacket(each.topic(), "x", each.qos(), each.retain()));
                var answer = mqtt.next();
                boolean acknowledged = (answer.type() == 4 || answer.type() == 5) && answer.code() < 0x80;
                assertThat(acknowledged).as(each.toString()).isEqualTo(each.allowed());
                if (!each.allowed()) {
                    assertThat(version == 5 ? answer.code() == 0x87 : answer.closed())
                            .as(each.toString())
                            .isTrue();
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void a_will_keeps_to_the_same_limits(int version) {
        String device = "w-" + version;
        var held = known(device);
        record Case(String topic, int qos, boolean retain, boolean allowed) {}
        for (var each : List.of(
                new Case("q/" + device, 1, false, true),
                new Case("q/" + device, 2, false, false),
                new Case("q/" + device, 1, true, false),
                new Case("q/" + device + "/", 1, false, false),
                new Case("kept/" + device, 1, false, false),
                new Case("kept/" + device, 2, true, true))) {
            try (var mqtt = broker.connection(held)) {
                var connack = mqtt.connect(
                        connect(device, version).will(each.topic(), "bye", 0).willOptions(each.qos(), each.retain()));
                int refused = version == 5 ? 0x87 : 5;
                assertThat(connack.code()).as(each.toString()).isEqualTo(each.allowed() ? 0 : refused);
                if (each.allowed()) {
                    mqtt.disconnect();
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void a_subscription_keeps_to_qos_and_shared(int version) {
        String device = "s-" + version;
        int refused = version == 5 ? 0x87 : 0x80;
        try (var mqtt = connected(known(device), connect(device, version))) {
            assertThat(mqtt.subscribe("alone/x", 1).code()).isEqualTo(1);
            assertThat(mqtt.subscribe("alone/#", 2).code()).isEqualTo(refused);
            assertThat(mqtt.subscribe("$share/g/alone/x", 1).code()).isEqualTo(refused);
            assertThat(mqtt.subscribe("together/x", 0).code()).isEqualTo(refused);
            assertThat(mqtt.subscribe("$share/g/together/#", 2).code())
                    .as("HiveMQ grants shared subscriptions QoS 1 at most")
                    .isEqualTo(1);
            assertThat(mqtt.subscribe("$share/g/pair/x", 2).code()).isEqualTo(refused);
            assertThat(mqtt.subscribe("$share/g/pair/x", 1).code()).isEqualTo(1);
            assertThat(mqtt.subscribe("$share/g/together/", 0).code()).isZero();
            assertThat(mqtt.subscribe("$share/g/other/#", 0).code()).isEqualTo(refused);
            assertThat(mqtt.subscribe("$share/g/#", 0).code()).isEqualTo(refused);
            assertThat(mqtt.subscribe("kept/" + device + "/", 0).code()).isEqualTo(refused);
            assertThat(mqtt.subscribe("$SYS/#", 0).code()).isEqualTo(refused);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0b0000_0100, 0b0000_1000, 0b0001_0000, 0b0010_1100})
    void the_other_options_of_a_subscription_make_no_difference(int options) {
        String device = "o-" + options;
        try (var mqtt = connected(known(device), connect(device, 5))) {
            assertThat(mqtt.subscribe("alone/x", options | 1).code()).isEqualTo(1);
            assertThat(mqtt.subscribe("alone/x", options | 2).code()).isEqualTo(0x87);
        }
    }
}
