package io.gatehouse.broker.real;

import static io.gatehouse.broker.real.RawMqtt.Connect.v311;
import static io.gatehouse.broker.real.RawMqtt.Connect.v5;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What a broker knows after it was killed, and what before it knew anything. */
class RestartOfARealBrokerTest {
    static final Pki PKI = new Pki();

    @Test
    void admits_nobody_before_the_first_synchronisation_and_serves_on_its_replica_after_kill_9_without_the_service()
            throws Exception {
        var service = new FakeService(PKI);
        service.silent(true);
        var known = PKI.device("known");
        var revoked = PKI.device("revoked");
        service.change(
                World.fleet("f", World.TELEMETRY),
                World.device("known", "f"),
                World.valid("known", known),
                World.device("revoked", "f"),
                World.valid("revoked", revoked));
        try (service;
                var home = BrokerHome.ready(PKI, service.url())) {
            try (var broker = RealBroker.start(home)) {
                broker.awaitStatus("not-synchronised");
                try (var early = broker.connection(known);
                        var early311 = broker.connection(known)) {
                    var connack = early.connect(v5("known"));
                    assertThat(connack.code()).isEqualTo(0x88);
                    assertThat(connack.text()).contains("not-synchronised");
                    assertThat(early311.connect(v311("known")).code()).isEqualTo(3);
                }
                service.silent(false);
                broker.awaitStatus("\"ready\":true");
                try (var mqtt = broker.connection(known);
                        var other = broker.connection(revoked)) {
                    assertThat(mqtt.connect(v5("known").persistent()).code()).isZero();
                    assertThat(mqtt.subscribe("devices/known/commands/#", 1).code())
                            .isEqualTo(1);
                    assertThat(other.connect(v5("revoked").persistent()).code()).isZero();
                    service.awaitEnforced(service.change(World.revocation("revoked", "f", 1, revoked)));
                    broker.kill();
                }
            }
            service.close();
            try (var broker = RealBroker.startReady(home)) {
                try (var mqtt = broker.connection(known);
                        var other = broker.connection(revoked)) {
                    var connack = mqtt.connect(v5("known").persistent());
                    assertThat(connack.code()).isZero();
                    assertThat(connack.sessionPresent()).isTrue();
                    assertThat(other.connect(v5("revoked").persistent()).text()).contains("revoked");
                }
                broker.awaitStatus("\"connected\":false");
            }
        }
    }

    @Test
    void a_damaged_replica_is_said_admits_nobody_and_is_fetched_again() throws Exception {
        var known = PKI.device("known");
        try (var service = new FakeService(PKI);
                var home = BrokerHome.ready(PKI, service.url())) {
            service.change(World.fleet("f", World.TELEMETRY), World.device("known", "f"), World.valid("known", known));
            try (var broker = RealBroker.startReady(home)) {
                broker.kill();
            }
            damage(home.path.resolve("data/gatehouse/replica"));
            service.silent(true);
            try (var broker = RealBroker.start(home)) {
                broker.awaitStatus("not-synchronised");
                assertThat(broker.log()).contains("the replica on disk is not used");
                assertThat(broker.status()).contains("the replica on disk is not used");
                try (var mqtt = broker.connection(known)) {
                    assertThat(mqtt.connect(v5("known")).text()).contains("not-synchronised");
                }
                service.silent(false);
                broker.awaitStatus("\"ready\":true");
                assertThat(broker.status()).contains("\"problems\":[]");
                try (var mqtt = broker.connection(known)) {
                    assertThat(mqtt.connect(v5("known")).code()).isZero();
                }
            }
        }
    }

    /** One bit in the middle of every file. */
    private static void damage(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                byte[] bytes = Files.readAllBytes(file);
                if (bytes.length > 0) {
                    bytes[bytes.length / 2] ^= 1;
                    Files.write(file, bytes);
                }
            }
        }
    }

    @Test
    void ends_with_its_supervisor_and_says_what_is_wrong_with_its_configuration() throws Exception {
        try (var home = BrokerHome.ready(PKI, "http://127.0.0.1:1");
                var broker = RealBroker.launch(home, "-Dgatehouse.supervised=true")) {
            // The pipe of a ProcessRun ends at once.
            assertThat(broker.awaitExit()).isZero();
        }
        try (var home = BrokerHome.ready(PKI, "http://127.0.0.1:1");
                var broker = RealBroker.start(home)) {
            broker.awaitStatus("unsafe-configuration");
            assertThat(broker.status())
                    .contains("conf/gatehouse/config.xml")
                    .contains("<service>")
                    .contains("http://127.0.0.1:1")
                    .contains("https://HOST:PORT");
            try (var mqtt = broker.connection(PKI.device("d-1"))) {
                assertThat(mqtt.connect(v5("d-1")).text()).contains("unsafe-configuration");
            }
        }
    }
}
