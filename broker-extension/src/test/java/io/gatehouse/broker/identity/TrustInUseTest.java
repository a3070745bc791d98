package io.gatehouse.broker.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.admission.feed.Entry;
import io.gatehouse.admission.replica.FilledDirectory;
import io.gatehouse.broker.config.HivemqConfig;
import io.gatehouse.broker.config.KeystoreSettings;
import io.gatehouse.testkit.HeldCertificate;
import io.gatehouse.testkit.TestAuthority;
import io.gatehouse.x509.tls.ClientIdentity;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrustInUseTest {
    private static final TestAuthority ROOT = TestAuthority.root();
    private static final TestAuthority FIRST = ROOT.intermediate("Devices CA 1");
    private static final TestAuthority SECOND = ROOT.intermediate("Devices CA 2");
    private static final HeldCertificate SERVER =
            TestAuthority.root("Services root").intermediate("Services CA").server(order -> order.commonName("b1"));

    @TempDir
    Path folder;

    private int written;

    @Test
    void stores_that_were_written_while_hivemq_started_are_written_again_until_it_uses_them() throws Exception {
        var keys = new KeystoreSettings(folder.resolve("keystore.p12"), "secret", Optional.empty());
        var trust = new KeystoreSettings(folder.resolve("truststore.p12"), "secret", Optional.empty());
        StoreFile.writeKey(keys, new ClientIdentity(SERVER.privateKey(), SERVER.chain()));
        StoreFile.writeTrust(trust, List.of(FIRST.certificate()));
        try (var listener = new Listener(List.of(FIRST.certificate()))) {
            StoreFile.writeTrust(trust, certificates());
            listener.hashTaken(trust.file());
            var config = new HivemqConfig(
                    List.of(keys), List.of(trust), List.of(listener.address()), Map.of(), HivemqConfig.NEVER);
            var inUse = new TrustInUse(config, directory().directory, () -> {}, () -> writeAgain(trust));
            for (int second = 0; second < 14; second++) {
                inUse.look();
                listener.reloadIfChanged(trust.file());
            }
            assertThat(written).as("while it may still read them by itself").isZero();
            assertThat(inUse.trusted()).hasSize(1);
            for (int second = 0; second < 10; second++) {
                inUse.look();
                listener.reloadIfChanged(trust.file());
            }
            assertThat(written).isEqualTo(1);
            assertThat(inUse.trusted()).hasSize(2);
            assertThat(inUse.problem()).isEmpty();
            assertThat(StoreFile.trusts(trust, certificates())).isTrue();
        }
    }

    private void writeAgain(KeystoreSettings store) {
        try {
            StoreFile.writeAgain(store);
            written++;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static List<X509Certificate> certificates() {
        return List.of(FIRST.certificate(), SECOND.certificate());
    }

    private static FilledDirectory directory() throws GeneralSecurityException {
        return new FilledDirectory(
                Instant.now(),
                new Entry.AuthorityEntry("devices", FIRST.certificate().getEncoded()),
                new Entry.AuthorityEntry("devices-2", SECOND.certificate().getEncoded()));
    }

    /** A listener as HiveMQ's: what it trusts it has read before it took the hash by which it knows a change. */
    private static final class Listener implements AutoCloseable {
        private final ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        private volatile SSLContext context;
        private byte[] hash = {};

        Listener(List<X509Certificate> read) throws IOException, GeneralSecurityException {
            context = trusting(read);
            Thread thread = new Thread(this::serve, "listener");
            thread.setDaemon(true);
            thread.start();
        }

        InetSocketAddress address() {
            return new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getLocalPort());
        }

        void hashTaken(Path file) throws IOException {
            hash = Files.readAllBytes(file);
        }

        void reloadIfChanged(Path file) throws IOException, GeneralSecurityException {
            byte[] now = Files.readAllBytes(file);
            if (!Arrays.equals(now, hash)) {
                context = trusting(certificates());
                hash = now;
            }
        }

        private static SSLContext trusting(List<X509Certificate> anchors) throws GeneralSecurityException {
            KeyManagerFactory keys = SERVER.keyManagers();
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), HeldCertificate.trust(anchors).getTrustManagers(), null);
            return context;
        }

        private void serve() {
            while (!server.isClosed()) {
                try (Socket plain = server.accept();
                        SSLSocket tls = (SSLSocket)
                                context.getSocketFactory().createSocket(plain, "client", plain.getPort(), true)) {
                    tls.setUseClientMode(false);
                    tls.setNeedClientAuth(true);
                    tls.startHandshake();
                } catch (IOException refused) {
                    // Nobody has a certificate here.
                }
            }
        }

        @Override
        public void close() throws IOException {
            server.close();
        }
    }
}
