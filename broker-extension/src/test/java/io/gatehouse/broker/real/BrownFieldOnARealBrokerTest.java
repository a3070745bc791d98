package io.gatehouse.broker.real;

import static io.gatehouse.broker.real.RawMqtt.Connect.v5;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.broker.counterexample.AllowAll;
import io.gatehouse.testkit.Await;
import io.gatehouse.testkit.FreePorts;
import io.gatehouse.testkit.HeldCertificate;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Gatehouse on a broker that already has listeners and an extension of its own. */
class BrownFieldOnARealBrokerTest {
    private static final Pki PKI = new Pki();

    private final int plain = FreePorts.take();

    /** A second listener, in the clear, named {@code legacy}; and keys of our configuration. */
    private void add(BrokerHome home, String keys) throws IOException {
        home.hivemq(xml -> xml.replace("</listeners>", """
                <tcp-listener><port>%d</port><bind-address>127.0.0.1</bind-address><name>legacy</name></tcp-listener>
                </listeners>""".formatted(plain)));
        var file = home.gatehouse().resolve("config.xml");
        Files.writeString(file, Files.readString(file).replace("</gatehouse>", keys + "</gatehouse>"));
    }

    private static HeldCertificate known(FakeService service, String device) {
        var held = PKI.device(device);
        service.change(World.fleet("f", World.TELEMETRY), World.device(device, "f"), World.valid(device, held));
        return held;
    }

    @Test
    void leaves_other_listeners_to_other_extensions_but_for_the_devices_client_ids() throws Exception {
        try (var service = new FakeService(PKI);
                var home = BrokerHome.ready(PKI, service.url())) {
            ExtensionFolder.install(home.extensions(), "hivemq-allow-all-extension", 0, AllowAll.class);
            add(home, "<listener>tls-tcp-listener-" + home.port + "</listener>");
            var device = known(service, "d-1");
            try (var broker = RealBroker.startReady(home)) {
                try (var backend = RawMqtt.plain(plain);
                        var thief = RawMqtt.plain(plain);
                        var mqtt = broker.connection(device);
                        var stranger = broker.connection(PKI.device("backend"))) {
                    assertThat(backend.connect(v5("backend").persistent()).code())
                            .isZero();
                    assertThat(backend.subscribe("#", 1).code()).isEqualTo(1);
                    assertThat(mqtt.connect(v5("d-1").persistent()).code()).isZero();
                    assertThat(mqtt.subscribe("#", 0).code()).isEqualTo(0x87);
                    assertThat(mqtt.publish("devices/d-1/telemetry/t", "21").code())
                            .isZero();
                    assertThat(backend.next().text()).endsWith("21");
                    var refused = thief.connect(v5("d-1").persistent());
                    assertThat(refused.code()).isEqualTo(0x85);
                    assertThat(refused.text()).contains("client-id-mismatch");
                    assertThat(stranger.connect(v5("backend")).text()).contains("unknown-certificate");
                    mqtt.ping();
                    backend.ping();
                }
                assertThat(broker.status()).contains("\"problems\":[]");
            }
            // A new start looks at what is stored, and leaves what is not a device's.
            try (var broker = RealBroker.startReady(home);
                    var backend = RawMqtt.plain(plain)) {
                assertThat(backend.connect(v5("backend").persistent()).sessionPresent())
                        .isTrue();
                assertThat(broker.log()).doesNotContain("Throwing away");
            }
        }
    }

    @Test
    void refuses_everybody_when_a_governed_name_is_unknown_and_tells_the_service() throws Exception {
        try (var service = new FakeService(PKI);
                var home = BrokerHome.ready(PKI, service.url())) {
            ExtensionFolder.install(home.extensions(), "hivemq-allow-all-extension", 0, AllowAll.class);
            add(home, "<listener>devices</listener>");
            var device = known(service, "d-1");
            try (var broker = RealBroker.start(home)) {
                broker.awaitStatus("unsafe-configuration");
                service.awaitReport("\"reason\":\"unsafe-configuration\"");
                service.awaitReport("governed name");
                try (var backend = RawMqtt.plain(plain);
                        var mqtt = broker.connection(device)) {
                    assertThat(backend.connect(v5("backend")).text()).contains("unsafe-configuration");
                    assertThat(mqtt.connect(v5("d-1")).text()).contains("unsafe-configuration");
                }
            }
        }
    }

    @Test
    void refuses_everybody_of_an_unsafe_listener_alone_and_tells_the_service() throws Exception {
        try (var service = new FakeService(PKI);
                var home = BrokerHome.ready(PKI, service.url())) {
            add(home, "");
            var device = known(service, "d-1");
            try (var broker = RealBroker.startReady(home);
                    var mqtt = broker.connection(device);
                    var other = RawMqtt.plain(plain)) {
                assertThat(mqtt.connect(v5("d-1")).code()).isZero();
                assertThat(other.connect(v5("d-1")).text()).contains("unsafe-configuration");
                mqtt.ping();
                assertThat(broker.status()).contains("every client of the listener legacy is refused");
                service.awaitReport("every client of the listener legacy is refused");
            }
        }
    }

    @Test
    void judges_the_configuration_that_hivemq_reads() throws Exception {
        try (var service = new FakeService(PKI);
                var home = BrokerHome.ready(PKI, service.url())) {
            var device = known(service, "d-1");
            var etc = Files.createDirectories(home.path.resolve("etc"));
            add(home, "");
            Files.move(home.path.resolve("conf/config.xml"), etc.resolve("config.xml"));
            home.hivemq(xml -> xml);
            try (var broker = RealBroker.start(home, "-Dhivemq.config.folder=etc")) {
                broker.awaitStatus("\"ready\":true");
                broker.awaitStatus("etc/config.xml");
                try (var other = RawMqtt.plain(plain);
                        var mqtt = broker.connection(device)) {
                    assertThat(other.connect(v5("d-1")).text()).contains("unsafe-configuration");
                    assertThat(mqtt.connect(v5("d-1")).code()).isZero();
                }
            }
        }
    }

    @Test
    void lets_nobody_in_when_it_was_to_observe_and_could_not_start() throws Exception {
        try (var service = new FakeService(PKI);
                var home = BrokerHome.ready(PKI, service.url())) {
            add(home, "<mode>observe</mode><observe-until>" + Instant.now().plusSeconds(600) + "</observe-until>");
            Files.writeString(home.gatehouse().resolve("trust.pem"), "no certificate at all");
            var device = known(service, "d-1");
            try (var broker = RealBroker.start(home)) {
                Await.until(
                        "it gave up", Duration.ofSeconds(60), () -> broker.log().contains("refuses every client"));
                try (var mqtt = broker.connection(device)) {
                    assertThat(mqtt.connect(v5("d-1")).code()).isGreaterThan(0x80);
                }
                assertThat(broker.status()).doesNotContain("only observes");
            }
        }
    }

    @Test
    void observes_refuses_nobody_and_ends_by_its_date_with_those_who_are_in() throws Exception {
        try (var service = new FakeService(PKI);
                var home = BrokerHome.ready(PKI, service.url())) {
            var end = Instant.now().plusSeconds(45);
            add(home, "<mode>observe</mode><observe-until>" + end + "</observe-until>");
            ExtensionFolder.install(home.extensions(), "hivemq-allow-all-extension", 0, AllowAll.class);
            var device = known(service, "d-1");
            try (var broker = RealBroker.startReady(home);
                    var mqtt = broker.connection(device);
                    var stranger = broker.connection(PKI.device("d-2"));
                    var other = RawMqtt.plain(plain)) {
                assertThat(mqtt.connect(v5("d-1")).code()).isZero();
                assertThat(mqtt.subscribe("#", 0).code()).isZero();
                assertThat(stranger.connect(v5("d-2")).code()).isZero();
                assertThat(other.connect(v5("d-3")).code()).isZero();
                assertThat(other.publish("any/topic", "1").code()).isZero();
                assertThat(mqtt.next().text()).endsWith("1");
                assertThat(broker.log()).contains("NOT PROTECTED");
                assertThat(broker.log()).contains("Would refuse \"d-2\"").contains("topic-not-allowed");
                service.awaitReport("only observes until");
                service.change(World.device("later-1", "f"));
                service.change(World.device("later-2", "f"));
                Await.until(
                        "observing over",
                        Duration.ofSeconds(90),
                        () -> broker.log().contains("Observing ends now"));
                assertThat(stranger.next().code()).isEqualTo(0x87);
                assertThat(other.next().code()).isGreaterThan(0x80);
                mqtt.ping();
                assertThat(mqtt.subscribe("#", 0).code()).isEqualTo(0x87);
                assertThat(mqtt.publish("any/topic", "1").code()).isEqualTo(0x87);
                // What went by meanwhile is answered for, so that the service hears of what comes now.
                service.awaitEnforced(service.change(World.device("later-3", "f")));
            }
        }
    }
}
