package io.gatehouse.enrollment.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.enrollment.config.ConfigException;
import io.gatehouse.enrollment.config.Home;
import io.gatehouse.enrollment.config.PublicTls;
import io.gatehouse.enrollment.config.ServiceConfig;
import io.gatehouse.testkit.Await;
import io.gatehouse.testkit.FreePorts;
import io.gatehouse.testkit.HeldCertificate;
import io.gatehouse.testkit.PemText;
import io.gatehouse.testkit.ProcessRun;
import io.gatehouse.testkit.TestAuthority;
import io.gatehouse.testkit.Tools;
import io.gatehouse.x509.Pem;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The service with a certificate of another CA beside its own, as openssl and curl see it. */
class PublicCertificateTest {
    private static final InstantSource CLOCK = InstantSource.system();
    private static final Duration SOON = Duration.ofSeconds(40);
    private static final TestAuthority ROOT = TestAuthority.root("Public root");
    private static final TestAuthority CA = ROOT.intermediate("Public CA");

    @TempDir
    private Path directory;

    private Home home;
    private Path publicRoot;

    @BeforeEach
    void make_a_home() throws IOException {
        home = new Home(directory.resolve("home")).create();
        publicRoot = Files.writeString(directory.resolve("public-root.pem"), PemText.certificate(ROOT.certificate()));
        NewHome.make(config(), home, passphrase(), CLOCK);
    }

    @Test
    void the_name_that_is_asked_for_decides_and_our_own_names_always_see_our_own() throws IOException {
        Tools.require("openssl", "curl");
        write(server(rsa()));
        var config = config();
        try (var service = EnrollmentService.start(config, home, passphrase(), CLOCK)) {
            for (int port : List.of(service.ports().enroll(), service.ports().admin())) {
                for (var version : List.of("-tls1_3", "-tls1_2")) {
                    assertThat(verified(port, publicRoot, version, "-servername", "www.example.com"))
                            .contains("CN = server");
                    assertThat(verified(port, home.trustPem(), version, "-servername", "localhost"))
                            .doesNotContain("CN = server");
                    assertThat(verified(port, home.trustPem(), version, "-servername", "gate.example.com"))
                            .as("the certificate holds this name, but it is one of host")
                            .doesNotContain("CN = server");
                    assertThat(verified(port, home.trustPem(), version, "-servername", "elsewhere.example.org"))
                            .doesNotContain("CN = server");
                    assertThat(verified(port, home.trustPem(), version, "-noservername"))
                            .doesNotContain("CN = server");
                }
            }
            var url = "https://www.example.com:" + service.ports().enroll() + "/.well-known/est/cacerts";
            ProcessRun.of("curl", "-s", "-f", "--cacert", publicRoot.toString(), url)
                    .with("--resolve", "www.example.com:" + service.ports().enroll() + ":127.0.0.1")
                    .run()
                    .ok();
        }
    }

    @Test
    void a_renewed_pair_is_shown_soon_a_half_written_one_never_and_no_connection_is_dropped() throws Exception {
        Tools.require("openssl", "curl");
        var first = server(rsa());
        write(first);
        try (var service = EnrollmentService.start(config(), home, passphrase(), CLOCK)) {
            int port = service.ports().enroll();
            assertThat(serial(port)).isEqualTo(serial(first));
            var context = HeldCertificate.anonymous(PemText.readCertificates(home.trustPem()));
            try (var open = context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port)) {
                open.setSoTimeout(20_000);
                assertThat(ask(open)).contains("HTTP/1.1 200");
                var second = server(null);
                writeKey(second);
                Await.until(
                        "the status tells of it",
                        SOON,
                        () -> answers(open)
                                && status(service)
                                        .matches("(?s).*\"problem\":\"[^\"]*is not the key of[^\"]*stays in use\".*"));
                assertThat(serial(port)).isEqualTo(serial(first));
                writeCertificate(second);
                Await.until(
                        "the renewed one is shown",
                        SOON,
                        () -> answers(open) && serial(port).equals(serial(second)));
                assertThat(status(service)).contains("\"www.example.com\"").contains("\"problem\":null");
                assertThat(ask(open)).as("the connection of before").contains("HTTP/1.1 200");
            }
        }
    }

    @Test
    void a_pair_that_is_not_in_order_keeps_the_service_from_starting() throws IOException {
        write(server(null));
        writeKey(server(null));
        assertThatThrownBy(() -> EnrollmentService.start(config(), home, passphrase(), CLOCK))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("public-certificate-key")
                .hasMessageContaining("privkey.pem");
        write(CA.server(order -> order.noNames().host("gate.example.com")));
        assertThatThrownBy(() -> EnrollmentService.start(config(), home, passphrase(), CLOCK))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("public-certificate")
                .hasMessageContaining("names in host always show our own");
    }

    /** Asked again and again, so that the service does not close it as idle. */
    private static boolean answers(java.net.Socket socket) {
        try {
            return ask(socket).contains("HTTP/1.1 200");
        } catch (IOException e) {
            return false;
        }
    }

    private static String ask(java.net.Socket socket) throws IOException {
        socket.getOutputStream()
                .write("GET /.well-known/est/csrattrs HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        var head = new StringBuilder();
        InputStream in = socket.getInputStream();
        while (!head.toString().endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                return "closed after: " + head;
            }
            head.append((char) next);
        }
        var length = head.toString().replaceAll("(?s).*Content-Length: (\\d+).*", "$1");
        in.readNBytes(Integer.parseInt(length));
        return head.toString();
    }

    /** openssl's words about a chain that it trusts; fails when it does not. */
    private static String verified(int port, Path root, String... options) {
        var said = client(port, root, options);
        assertThat(said).as(String.join(" ", options)).contains("Verify return code: 0 (ok)");
        return said;
    }

    private static String client(int port, Path root, String... options) {
        return ProcessRun.of("openssl", "s_client", "-connect", "127.0.0.1:" + port, "-CAfile", root.toString())
                .with(options)
                .stdin("")
                .run()
                .both();
    }

    private String serial(int port) {
        var pem = client(port, publicRoot, "-servername", "www.example.com");
        int begin = pem.indexOf("-----BEGIN");
        return begin < 0
                ? pem
                : PemText.parseCertificates(pem.substring(begin).getBytes(StandardCharsets.US_ASCII))
                        .get(0)
                        .getSerialNumber()
                        .toString(16);
    }

    private static String serial(HeldCertificate held) {
        return held.certificate().getSerialNumber().toString(16);
    }

    private String status(EnrollmentService service) {
        try {
            var token = Files.readString(home.adminToken()).strip();
            return ProcessRun.of("curl", "-s", "-f", "--cacert", home.trustPem().toString(), "-K", "-")
                    .with("https://localhost:" + service.ports().admin() + "/api/v1/status")
                    .stdin("header = \"Authorization: Bearer " + token + "\"\n")
                    .run()
                    .ok()
                    .out();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static HeldCertificate server(KeyPair pair) {
        return CA.server(order -> {
            order.noNames().host("www.example.com").host("gate.example.com");
            if (pair != null) {
                order.key(pair);
            }
        });
    }

    private void write(HeldCertificate held) throws IOException {
        writeCertificate(held);
        writeKey(held);
    }

    private void writeCertificate(HeldCertificate held) throws IOException {
        Files.writeString(directory.resolve("fullchain.pem"), Pem.write(held.chain()));
    }

    private void writeKey(HeldCertificate held) throws IOException {
        var file = directory.resolve("privkey.pem");
        Files.deleteIfExists(file);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, Pem.write(held.privateKey()));
    }

    private static KeyPair rsa() {
        try {
            var generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return generator.generateKeyPair();
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private ServiceConfig config() {
        var ports = FreePorts.take(4);
        var defaults = ServiceConfig.defaults();
        return new ServiceConfig(
                List.of("gate.example.com", "localhost"),
                "127.0.0.1",
                defaults.trustDomain(),
                ports.get(0),
                ports.get(1),
                "127.0.0.1",
                ports.get(2),
                ports.get(3),
                OptionalInt.empty(),
                defaults.maxStale(),
                defaults.serviceHeapMegabytes(),
                defaults.brokerHeapMegabytes(),
                defaults.checkpoints(),
                // relative paths begin at the home
                Optional.of(new PublicTls(
                        "../fullchain.pem", directory.resolve("privkey.pem").toString(), OptionalInt.empty())));
    }

    private static char[] passphrase() {
        return "test passphrase".toCharArray();
    }
}
