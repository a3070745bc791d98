package io.gatehouse.x509.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.testkit.CertificateOrder;
import io.gatehouse.testkit.HeldCertificate;
import io.gatehouse.testkit.MutableClock;
import io.gatehouse.testkit.TestAuthority;
import io.gatehouse.x509.Pem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerPemFilesTest {
    private static final TestAuthority ROOT = TestAuthority.root("Public root");
    private static final TestAuthority CA = ROOT.servicesCa();

    @TempDir
    Path directory;

    private final MutableClock clock = MutableClock.at(Instant.now());
    private final HeldCertificate held = server(order -> {});
    private Path certificate;
    private Path key;

    @BeforeEach
    void write() throws IOException {
        certificate = directory.resolve("fullchain.pem");
        key = directory.resolve("privkey.pem");
        writeCertificate(held.chain());
        writeKey(held);
    }

    @Test
    void a_sound_pair_is_read_with_its_names_and_without_its_root() throws Exception {
        writeCertificate(List.of(held.certificate(), CA.certificate(), ROOT.certificate()));
        var pem = open().current();
        assertThat(pem.chain()).containsExactly(held.certificate(), CA.certificate());
        assertThat(pem.names("WWW.example.com")).isTrue();
        assertThat(pem.names("a.wild.example.com")).isTrue();
        assertThat(pem.names("a.b.wild.example.com")).isFalse();
        assertThat(pem.names("wild.example.com")).isFalse();
        assertThat(pem.names("example.com")).isFalse();
    }

    @Test
    void each_fault_names_the_file_and_what_to_do() throws Exception {
        writeCertificate(server(order -> order.expired()).chain());
        refused("fullchain.pem", "expired");
        writeCertificate(server(order -> order.notYetValid()).chain());
        refused("fullchain.pem", "not valid before");
        writeCertificate(server(order -> order.clientAuth()).chain());
        refused("fullchain.pem", "not for servers");
        writeCertificate(server(order -> order.noNames().host("192.0.2.1")).chain());
        refused("fullchain.pem", "names no DNS host");
        writeCertificate(List.of(CA.certificate()));
        refused("fullchain.pem", "certificate of a CA");
        writeCertificate(List.of(held.certificate(), ROOT.certificate()));
        refused("fullchain.pem", "certificate 1 is not signed by certificate 2");
        writeCertificate(server(order -> {}).chain());
        refused("privkey.pem", "is not the key of the first certificate");
        Files.writeString(certificate, "nothing");
        refused("fullchain.pem", "must hold PEM certificates");
        Files.delete(certificate);
        refused("fullchain.pem", "cannot be read");
        writeCertificate(held.chain());
        Files.writeString(key, "-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----\n");
        refused("privkey.pem", "openssl pkcs8 -topk8 -nodes");
        writeKey(held);
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
        refused("privkey.pem", "chmod 600");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r-----"));
        assertThat(open().current().certificate()).isEqualTo(held.certificate());
    }

    @Test
    void a_renewed_pair_is_taken_and_a_half_written_one_never() throws Exception {
        var files = open();
        assertThat(files.look()).as("nothing new").isFalse();
        var renewed = server(order -> {});
        writeCertificate(renewed.chain());
        assertThat(files.look()).as("the key is still the old one").isFalse();
        assertThat(files.current().certificate()).isEqualTo(held.certificate());
        assertThat(files.problem().orElseThrow()).contains("privkey.pem", "stays in use");
        Files.writeString(certificate, Pem.write(renewed.chain()).substring(0, 200));
        assertThat(files.look()).isFalse();
        assertThat(files.problem().orElseThrow()).contains("fullchain.pem");
        writeCertificate(renewed.chain());
        writeKey(renewed);
        assertThat(files.look()).isTrue();
        assertThat(files.problem()).isEmpty();
        assertThat(files.current().certificate()).isEqualTo(renewed.certificate());
        Files.delete(key);
        assertThat(files.look()).isFalse();
        assertThat(files.current().certificate()).isEqualTo(renewed.certificate());
        writeKey(renewed);
        assertThat(files.look()).isFalse();
        assertThat(files.problem()).as("the files are again what is in use").isEmpty();
    }

    @Test
    void its_end_is_announced_when_a_quarter_of_its_life_is_left() throws Exception {
        var pem = open().current();
        assertThat(pem.endsSoon(clock.instant())).isFalse();
        assertThat(pem.endsSoon(clock.advance(Duration.ofDays(70)))).isTrue();
    }

    private void refused(String file, String what) {
        assertThatThrownBy(this::open)
                .isInstanceOf(ServerPemException.class)
                .hasMessageContaining(file)
                .hasMessageContaining(what);
    }

    private ServerPemFiles open() throws ServerPemException {
        return ServerPemFiles.open(certificate, key, clock);
    }

    private void writeCertificate(List<X509Certificate> chain) throws IOException {
        Files.writeString(certificate, Pem.write(chain));
    }

    private void writeKey(HeldCertificate of) throws IOException {
        Files.deleteIfExists(key);
        Files.createFile(key, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(key, Pem.write(of.privateKey()));
    }

    private static HeldCertificate server(Consumer<CertificateOrder> changes) {
        return CA.server(
                order -> changes.accept(order.noNames().host("www.example.com").host("*.wild.example.com")));
    }
}
