package io.gatehouse.broker.real;

import static io.gatehouse.broker.real.RawMqtt.Connect.v5;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.broker.counterexample.Careless;
import io.gatehouse.testkit.FreePorts;
import io.gatehouse.testkit.HeldCertificate;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedKeyManager;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * HiveMQ's traps, each seen on the broker with a careless extension in place of ours. If one of these fails, HiveMQ has changed, and
 * what we do against it may go. Our answers are in {@link AdmissionOnARealBrokerTest} and {@link RevocationOnARealBrokerTest} and the
 * tests named at each.
 */
class TrapsOfTheBareBrokerTest {
    static final Pki PKI = new Pki();
    static final int UNTRUSTED = FreePorts.take();
    static BrokerHome home;
    static RealBroker broker;
    static final HeldCertificate ANY = PKI.device("any");

    @BeforeAll
    static void start() throws Exception {
        home = BrokerHome.bare(PKI);
        ExtensionFolder.install(home.extensions(), "careless", 1, Careless.class);
        home.hivemq(xml -> xml.replace("</listeners>", """
                <tls-tcp-listener>
                  <port>%d</port><bind-address>127.0.0.1</bind-address>
                  <tls>
                    <keystore>
                      <path>conf/gatehouse/keystore.p12</path>
                      <password>test-store</password><private-key-password>test-store</private-key-password>
                    </keystore>
                    <client-authentication-mode>OPTIONAL</client-authentication-mode>
                  </tls>
                </tls-tcp-listener>
                </listeners>""".formatted(UNTRUSTED)));
        broker = RealBroker.start(home);
    }

    @AfterAll
    static void stop() {
        broker.close();
        home.close();
    }

    private static RawMqtt connected(String clientId) {
        var mqtt = broker.connection(ANY);
        assertThat(mqtt.connect(v5(clientId)).code()).isZero();
        return mqtt;
    }

    /** Ours: {@code does_not_take_a_plus_for_a_hash_nor_forgive_a_trailing_slash}. */
    @Test
    void a_permission_that_ends_in_plus_grants_hash() {
        try (var mqtt = connected("plus");
                var sender = connected("sender-1")) {
            assertThat(mqtt.subscribe("t/#", 0).code()).isZero();
            sender.publish("t/deep/er", "leaked");
            assertThat(mqtt.next().text()).endsWith("leaked");
        }
    }

    /** Ours: {@code does_not_take_a_plus_for_a_hash_nor_forgive_a_trailing_slash}. */
    @Test
    void a_permission_forgives_trailing_slashes() {
        try (var mqtt = connected("slash")) {
            assertThat(mqtt.subscribe("exact/t///", 0).code()).isZero();
        }
    }

    /** Ours: there are no deny rules. */
    @Test
    void a_deny_rule_does_not_carve_out_of_a_wildcard() {
        try (var mqtt = connected("carved");
                var sender = connected("sender-2")) {
            assertThat(mqtt.subscribe("a/#", 0).code()).isZero();
            sender.publish("a/secret", "leaked");
            assertThat(mqtt.next().text()).endsWith("leaked");
        }
    }

    /** Ours: {@code gives_a_fleet_without_rules_nothing}. */
    @Test
    void an_empty_permission_list_allows_everything() {
        try (var mqtt = connected("empty")) {
            // In this order: afterwards its own message might come before the PUBACK.
            assertThat(mqtt.publish("anything", "1").code()).isIn(0, 0x10);
            assertThat(mqtt.subscribe("#", 0).code()).isZero();
        }
    }

    /** Ours: {@code removes_what_a_stored_session_may_no_longer_subscribe_to_before_it_resumes}. */
    @Test
    void a_resumed_session_goes_on_receiving_what_it_may_no_longer_subscribe_to() {
        try (var first = broker.connection(ANY);
                var sender = connected("sender-3")) {
            assertThat(first.connect(v5("kept").persistent()).code()).isZero();
            assertThat(first.subscribe("news", 1).code()).isEqualTo(1);
            first.disconnect();
            assertThat(first.next().closed()).isTrue();
            try (var second = broker.connection(ANY)) {
                assertThat(second.connect(v5("kept").persistent()).sessionPresent())
                        .isTrue();
                sender.publish("news", "still coming");
                assertThat(second.next().text()).endsWith("still coming");
            }
        }
    }

    /** Ours: {@code DoorkeeperTest.hands_out_a_stored_session_only_when_every_revision_is_looked_at} answers later and waits nowhere. */
    @Test
    void a_callback_that_waits_stalls_other_clients() throws Exception {
        try (var blocked = broker.connection(ANY)) {
            blocked.send(blocked.connectPacket(v5("blocks")));
            // Few threads serve all clients, so of many clients some meet the one that waits.
            var others = IntStream.range(0, 4 * Runtime.getRuntime().availableProcessors())
                    .mapToObj(i -> CompletableFuture.supplyAsync(
                            () -> connectedCode("beside-" + i), task -> new Thread(task).start()))
                    .toList();
            var all = CompletableFuture.allOf(others.toArray(CompletableFuture[]::new));
            assertThatThrownBy(() -> all.get(3, TimeUnit.SECONDS)).isInstanceOf(TimeoutException.class);
            Files.createFile(home.path.resolve("release"));
            assertThat(all).succeedsWithin(Duration.ofSeconds(20));
            assertThat(others).allSatisfy(code -> assertThat(code.join()).isZero());
        }
    }

    private static int connectedCode(String clientId) {
        try (var mqtt = broker.connection(ANY)) {
            return mqtt.connect(v5(clientId)).code();
        }
    }

    /** Ours: {@code RegistrationTest.refuses_a_certificate_revoked_during_connect}. */
    @Test
    void a_client_that_is_disconnected_while_it_connects_gets_in() {
        try (var mqtt = connected("revoked-during-connect")) {
            mqtt.ping();
        }
    }

    /** Ours: {@code refuses_a_stolen_client_id_and_leaves_its_owner_alone}. */
    @Test
    void any_certificate_takes_over_any_client_id_and_its_session() {
        try (var victim = broker.connection(ANY);
                var thief = broker.connection(PKI.device("thief"))) {
            assertThat(victim.connect(v5("victim").persistent()).code()).isZero();
            assertThat(thief.connect(v5("victim").persistent()).sessionPresent())
                    .isTrue();
            assertThat(victim.next().code()).isEqualTo(0x8e);
        }
    }

    /** Ours: {@code HivemqConfigTest}. */
    @Test
    void a_listener_without_a_truststore_trusts_every_public_authority() throws Exception {
        var names = new AtomicInteger();
        var tls = SSLContext.getInstance("TLS");
        tls.init(
                new KeyManager[] {new Asked(names)},
                HeldCertificate.trust(List.of(PKI.servicesRoot.certificate())).getTrustManagers(),
                null);
        try (var socket =
                (SSLSocket) tls.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), UNTRUSTED)) {
            socket.startHandshake();
        }
        assertThat(names.get()).isGreaterThan(50);
    }

    /** Counts the authorities that the server names in its CertificateRequest. */
    private static final class Asked extends X509ExtendedKeyManager {
        private final AtomicInteger names;

        Asked(AtomicInteger names) {
            this.names = names;
        }

        @Override
        public String chooseClientAlias(String[] keyType, Principal[] issuers, Socket socket) {
            names.set(issuers == null ? 0 : issuers.length);
            return null;
        }

        @Override
        public String[] getClientAliases(String keyType, Principal[] issuers) {
            return new String[0];
        }

        @Override
        public String[] getServerAliases(String keyType, Principal[] issuers) {
            return new String[0];
        }

        @Override
        public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
            return null;
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return new X509Certificate[0];
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            return null;
        }
    }
}
