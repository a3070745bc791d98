package io.gatehouse.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestAuthorityTest {
    private final TestAuthority devices = TestAuthority.root().devicesCa();
    private final TestAuthority services = TestAuthority.root().servicesCa();

    @Test
    void openssl_accepts_a_device_and_refuses_a_revoked_one(@TempDir Path directory) throws Exception {
        Tools.require("openssl");
        HeldCertificate device = devices.device("d-1");
        TestAuthority root = TestAuthority.root();
        Path root1 = Files.writeString(directory.resolve("root.pem"), PemText.certificate(devices.rootCertificate()));
        Path ca = Files.writeString(directory.resolve("ca.pem"), PemText.certificate(devices.certificate()));
        Path crl = Files.writeString(
                directory.resolve("crl.pem"),
                PemText.block(
                        "X509 CRL",
                        devices.crl(1, List.of(device.certificate())).getEncoded()));
        Path leaf = device.writeTo(directory, "device").certificates();
        ProcessRun verify = ProcessRun.of("openssl", "verify", "-x509_strict", "-purpose", "sslclient")
                .with("-untrusted", ca.toString());
        verify.with("-CAfile", root1.toString(), leaf.toString()).run().ok();
        assertThat(verify.with("-CRLfile", crl.toString(), "-crl_check")
                        .with("-CAfile", root1.toString(), leaf.toString())
                        .run()
                        .both())
                .contains("certificate revoked");
        Files.writeString(root1, PemText.certificate(root.certificate()));
        assertThat(verify.with("-CAfile", root1.toString(), leaf.toString())
                        .run()
                        .exit())
                .isNotZero();
    }

    @Test
    void a_device_and_a_server_shake_hands() throws Exception {
        assertThat(peerSeenByServer(devices.device("d-1"))).isEqualTo("CN=d-1");
    }

    @Test
    void an_expired_device_does_not_pass_a_handshake() {
        HeldCertificate late = devices.device("d-1", CertificateOrder::expired);
        assertThatThrownBy(() -> peerSeenByServer(late)).isInstanceOf(ExecutionException.class);
    }

    @Test
    void openssl_accepts_the_request_of_a_device(@TempDir Path directory) throws Exception {
        Tools.require("openssl");
        Path file = Files.write(
                directory.resolve("request.der"), TestDevice.named("d-1").request());
        ProcessRun.Result result = ProcessRun.of(
                        "openssl", "req", "-inform", "DER", "-verify", "-noout", "-subject", "-in", file.toString())
                .run()
                .ok();
        assertThat(result.both()).contains("verify OK").contains("d-1");
    }

    private String peerSeenByServer(HeldCertificate client) throws Exception {
        SSLContext server = services.server(order -> {}).sslContext(List.of(devices.rootCertificate()));
        try (SSLServerSocket listener =
                (SSLServerSocket) server.getServerSocketFactory().createServerSocket(0)) {
            listener.setNeedClientAuth(true);
            CompletableFuture<String> seen = CompletableFuture.supplyAsync(() -> acceptOne(listener));
            SSLContext context = client.sslContext(List.of(services.rootCertificate()));
            try (SSLSocket socket =
                    (SSLSocket) context.getSocketFactory().createSocket("localhost", listener.getLocalPort())) {
                OutputStream out = socket.getOutputStream();
                out.write('x');
                out.flush();
                return seen.get(10, TimeUnit.SECONDS);
            } catch (IOException refused) {
                return seen.get(10, TimeUnit.SECONDS);
            }
        }
    }

    private static String acceptOne(SSLServerSocket listener) {
        try (SSLSocket socket = (SSLSocket) listener.accept()) {
            InputStream in = socket.getInputStream();
            assertThat(in.read()).isEqualTo('x');
            return socket.getSession().getPeerPrincipal().getName();
        } catch (IOException refused) {
            throw new IllegalStateException(refused);
        }
    }
}
