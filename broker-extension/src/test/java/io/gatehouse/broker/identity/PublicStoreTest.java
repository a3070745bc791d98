package io.gatehouse.broker.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.broker.config.ExtensionConfig.PublicPair;
import io.gatehouse.broker.config.KeystoreSettings;
import io.gatehouse.testkit.HeldCertificate;
import io.gatehouse.testkit.MutableClock;
import io.gatehouse.testkit.TestAuthority;
import io.gatehouse.x509.Pem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PublicStoreTest {
    private static final String PASSWORD = "secret";
    private static final TestAuthority CA = TestAuthority.root("Public root").intermediate("Public CA");

    @TempDir
    Path folder;

    private final MutableClock clock = MutableClock.at(Instant.now());
    private KeystoreSettings settings;
    private PublicStore store;

    @BeforeEach
    void make() throws IOException {
        settings = new KeystoreSettings(folder.resolve("public.p12"), PASSWORD, Optional.empty());
        store = new PublicStore(new PublicPair(folder.resolve("chain.pem"), folder.resolve("key.pem")), clock);
        Files.createFile(
                folder.resolve("key.pem"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }

    @Test
    void what_hivemq_shows_follows_the_files_once_both_fit() throws Exception {
        var first = server();
        write(first);
        store.keep(List.of(settings));
        assertThat(shown()).isEqualTo(first.certificate());
        assertThat(store.until())
                .isEqualTo(first.certificate().getNotAfter().toInstant().getEpochSecond());
        var second = server();
        Files.writeString(folder.resolve("chain.pem"), Pem.write(second.chain()));
        assertThatThrownBy(() -> store.keep(List.of(settings)))
                .hasMessageContaining("key.pem")
                .hasMessageContaining("stays in use");
        assertThat(shown()).isEqualTo(first.certificate());
        write(second);
        store.keep(List.of(settings));
        assertThat(shown()).isEqualTo(second.certificate());
    }

    @Test
    void files_that_are_missing_at_the_start_change_nothing_and_are_said() throws Exception {
        assertThatThrownBy(() -> store.keep(List.of(settings))).hasMessageContaining("chain.pem");
        assertThat(settings.file()).doesNotExist();
        write(server());
        store.keep(List.of(settings));
        assertThat(settings.file()).exists();
    }

    @Test
    void a_certificate_that_nobody_renews_is_said_and_still_shown() throws Exception {
        var old = server();
        write(old);
        store.keep(List.of(settings));
        clock.advance(Duration.ofDays(80));
        assertThatThrownBy(() -> store.keep(List.of(settings))).hasMessageContaining("was not renewed");
        assertThat(shown()).isEqualTo(old.certificate());
    }

    private X509Certificate shown() throws Exception {
        var keys = KeyStore.getInstance(settings.file().toFile(), PASSWORD.toCharArray());
        return (X509Certificate) keys.getCertificateChain("server")[0];
    }

    private void write(HeldCertificate held) throws IOException {
        Files.writeString(folder.resolve("chain.pem"), Pem.write(held.chain()));
        Files.writeString(folder.resolve("key.pem"), Pem.write(held.privateKey()));
    }

    private static HeldCertificate server() {
        return CA.server(order -> order.noNames().host("mqtt.example.com"));
    }
}
