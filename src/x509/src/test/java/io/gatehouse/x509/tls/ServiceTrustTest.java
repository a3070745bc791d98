package io.gatehouse.x509.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.identity.BrokerName;
import io.gatehouse.testkit.HeldCertificate;
import io.gatehouse.testkit.MutableClock;
import io.gatehouse.testkit.TestAuthority;
import io.gatehouse.x509.TrustDomain;
import java.io.IOException;
import java.net.InetAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServiceTrustTest {
    private static final TrustDomain DOMAIN = TrustDomain.of("gatehouse.internal");
    private static final TestAuthority ROOT = TestAuthority.root("Services root");
    private static final TestAuthority CA = ROOT.servicesCa();
    private static final TestAuthority DEVICES =
            TestAuthority.root("Devices root").devicesCa();
    private static final HeldCertificate SERVICE =
            CA.server(order -> order.uri("spiffe://gatehouse.internal/service/enrollment"));
    private static final ServerRole ROLE = ServerRole.enrollmentService(DOMAIN);

    @Test
    void trusts_a_server_with_the_role_below_the_root() throws Exception {
        assertThat(connect(SERVICE, trust(ROLE).sslContext(), "localhost")).isEmpty();
        assertThat(connect(SERVICE, trust(ServerRole.anyEnrollmentService()).sslContext(), "127.0.0.1"))
                .isEmpty();
    }

    @Test
    void presents_the_identity_that_it_was_given() throws Exception {
        var device = DEVICES.device("d-1");
        var identity = new ClientIdentity(device.privateKey(), device.chain());
        assertThat(connect(SERVICE, trust(ROLE).sslContext(identity), "localhost"))
                .isEqualTo(device.chain());
    }

    @Test
    void refuses_a_server_with_another_role() {
        var broker = CA.server(order -> order.uri("spiffe://gatehouse.internal/broker/b1"));
        refuses(broker, ROLE, "does not carry the role");
        refuses(SERVICE, ServerRole.anyBroker(DOMAIN), "does not carry the role");
        refuses(broker, ServerRole.broker(DOMAIN, BrokerName.of("b2")), "does not carry the role");
        refuses(broker, ServerRole.anyBroker(TrustDomain.of("other.internal")), "does not carry the role");
    }

    @Test
    void refuses_a_server_without_a_role_or_with_two() {
        refuses(CA.server(order -> {}), ROLE, "does not carry the role");
        refuses(
                CA.server(order -> order.uri("spiffe://gatehouse.internal/service/enrollment")
                        .uri("spiffe://gatehouse.internal/broker/b1")),
                ROLE,
                "does not carry the role");
    }

    @Test
    void refuses_a_server_below_another_root() {
        var foreign = TestAuthority.root("Services root")
                .servicesCa()
                .server(order -> order.uri("spiffe://gatehouse.internal/service/enrollment"));
        refuses(foreign, ROLE, "PKIX");
        var device = DEVICES.server(order -> order.uri("spiffe://gatehouse.internal/service/enrollment"));
        refuses(device, ROLE, "PKIX");
    }

    @Test
    void refuses_a_server_of_another_name() {
        var context = trust(ROLE).sslContext();
        assertThatThrownBy(() -> connect(SERVICE, context, "localhost.example"))
                .isInstanceOf(SSLHandshakeException.class)
                .hasMessageContaining("localhost.example");
    }

    @Test
    void refuses_a_certificate_that_is_for_clients() {
        var device = CA.device("d-1", order -> order.uri("spiffe://gatehouse.internal/service/enrollment"));
        refuses(device, ServerRole.anyEnrollmentService(), "");
    }

    @ParameterizedTest
    @ValueSource(longs = {-400, 400})
    void judges_at_the_time_of_its_own_clock(long days) {
        var clock = MutableClock.at(Instant.now().plus(Duration.ofDays(days)));
        var context = ServiceTrust.of(List.of(ROOT.certificate()), ROLE, clock).sslContext();
        assertThatThrownBy(() -> connect(SERVICE, context, "localhost")).isInstanceOf(SSLHandshakeException.class);
    }

    @Test
    void refuses_to_go_on_without_endpoint_identification() throws Exception {
        var context = trust(ROLE).sslContext();
        try (var server = serve(SERVICE);
                var socket = (SSLSocket) context.getSocketFactory()
                        .createSocket(InetAddress.getLoopbackAddress(), server.getLocalPort())) {
            var unused = accept(server);
            assertThatThrownBy(socket::startHandshake)
                    .isInstanceOf(SSLHandshakeException.class)
                    .hasMessageContaining("endpoint identification is off");
        }
    }

    @Test
    void trust_needs_an_anchor() {
        assertThatThrownBy(() -> ServiceTrust.of(List.of(), ROLE, InstantSource.system()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static ServiceTrust trust(ServerRole role) {
        return ServiceTrust.of(List.of(ROOT.certificate()), role, InstantSource.system());
    }

    private static void refuses(HeldCertificate server, ServerRole role, String message) {
        var context = trust(role).sslContext();
        assertThatThrownBy(() -> connect(server, context, "localhost"))
                .isInstanceOf(SSLHandshakeException.class)
                .hasMessageContaining(message);
    }

    /** Connects and answers what the server saw of the client. */
    private static List<X509Certificate> connect(HeldCertificate held, SSLContext client, String host)
            throws Exception {
        try (var server = serve(held);
                var plain = new java.net.Socket(InetAddress.getLoopbackAddress(), server.getLocalPort());
                var socket = (SSLSocket) client.getSocketFactory().createSocket(plain, host, plain.getPort(), true)) {
            var seen = accept(server);
            socket.setSSLParameters(ServiceTrust.parameters());
            socket.startHandshake();
            assertThat(socket.getInputStream().read()).isEqualTo('.');
            return seen.get(10, TimeUnit.SECONDS);
        }
    }

    private static SSLServerSocket serve(HeldCertificate held) throws IOException {
        // the server trusts the devices root, and sends its name: our identity is presented whatever the server names
        var context = held.sslContext(List.of(DEVICES.rootCertificate()));
        var server = (SSLServerSocket)
                context.getServerSocketFactory().createServerSocket(0, 5, InetAddress.getLoopbackAddress());
        server.setWantClientAuth(true);
        return server;
    }

    private static CompletableFuture<List<X509Certificate>> accept(SSLServerSocket server) {
        return CompletableFuture.supplyAsync(() -> {
            try (var socket = (SSLSocket) server.accept()) {
                socket.getOutputStream().write('.');
                return List.of((X509Certificate[]) socket.getSession().getPeerCertificates());
            } catch (SSLPeerUnverifiedException e) {
                return List.of();
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
    }
}
