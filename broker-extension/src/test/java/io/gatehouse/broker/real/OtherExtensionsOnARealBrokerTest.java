package io.gatehouse.broker.real;

import static io.gatehouse.broker.real.RawMqtt.Connect.v311;
import static io.gatehouse.broker.real.RawMqtt.Connect.v5;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.broker.counterexample.AllowAll;
import io.gatehouse.broker.counterexample.Intruder;
import org.junit.jupiter.api.Test;

/** An extension beside ours that would let everybody in. */
class OtherExtensionsOnARealBrokerTest {
    static final Pki PKI = new Pki();

    @Test
    void refuses_everybody_while_another_extension_authenticates_clients() throws Exception {
        try (var service = new FakeService(PKI);
                var home = BrokerHome.ready(PKI, service.url())) {
            ExtensionFolder.install(home.extensions(), "hivemq-allow-all-extension", 0, AllowAll.class);
            try (var broker = RealBroker.start(home)) {
                broker.awaitStatus("unsafe-configuration");
                assertThat(broker.status())
                        .contains("hivemq-allow-all-extension")
                        .contains("\"ready\":false");
                assertThat(broker.log()).contains("hivemq-allow-all-extension");
                try (var mqtt = broker.connection(PKI.device("d-1"))) {
                    var connack = mqtt.connect(v5("d-1"));
                    assertThat(connack.code()).isEqualTo(0x88);
                    assertThat(connack.text()).contains("unsafe-configuration");
                }
            }
        }
    }

    @Test
    void disconnects_whoever_a_hidden_extension_lets_past_us() throws Exception {
        try (var service = new FakeService(PKI);
                var home = BrokerHome.ready(PKI, service.url())) {
            // The same priority, and an id that HiveMQ asks first.
            ExtensionFolder.install(home.extensions(), "aaa", Integer.MAX_VALUE, Intruder.class);
            var known = PKI.device("known");
            service.change(World.fleet("f", World.TELEMETRY), World.device("known", "f"), World.valid("known", known));
            try (var broker = RealBroker.startReady(home)) {
                for (var held : new io.gatehouse.testkit.HeldCertificate[] {PKI.device("stranger"), known}) {
                    try (var mqtt = broker.connection(held);
                            var old = broker.connection(held)) {
                        mqtt.send(mqtt.connectPacket(v5("known").will("devices/x/will", "leaked", 0)));
                        mqtt.send(mqtt.publishPacket("devices/known/telemetry/x", "leaked", 1, true));
                        RawMqtt.Packet answer = mqtt.next();
                        assertThat(answer.closed() || answer.code() >= 0x80).isTrue();
                        answer = old.connect(v311("known"));
                        assertThat(answer.closed() || answer.code() != 0).isTrue();
                    }
                }
                assertThat(broker.log()).contains("let in by another extension");
            }
        }
    }
}
