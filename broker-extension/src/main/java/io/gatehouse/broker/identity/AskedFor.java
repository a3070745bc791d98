package io.gatehouse.broker.identity;

import io.gatehouse.broker.config.KeystoreSettings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Which authorities a listener of this HiveMQ asks clients for: the names in its CertificateRequest (RFC 8446, section 4.2.4), in a
 * handshake that stops there. That is the truststore which HiveMQ has in use, whatever lies on the disk.
 */
final class AskedFor {
    private static final int PATIENCE_MILLIS = 3_000;

    private final List<KeystoreSettings> keystores;

    /** @param keystores what the listeners show, and so the only servers that are believed */
    AskedFor(List<KeystoreSettings> keystores) {
        this.keystores = List.copyOf(keystores);
    }

    /** The names that every one of the listeners asks for. Blocks for some seconds at most. */
    Set<Principal> by(List<InetSocketAddress> listeners) throws IOException {
        Optional<Set<Principal>> all = Optional.empty();
        for (var listener : listeners) {
            var names = by(listener);
            all.ifPresent(names::retainAll);
            all = Optional.of(names);
        }
        return all.orElse(Set.of());
    }

    private Set<Principal> by(InetSocketAddress listener) throws IOException {
        var seen = new Nobody();
        try (var plain = new Socket()) {
            plain.connect(listener, PATIENCE_MILLIS);
            plain.setSoTimeout(PATIENCE_MILLIS);
            var context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[] {seen}, shown().getTrustManagers(), null);
            var factory = context.getSocketFactory();
            try (var tls =
                    (SSLSocket) factory.createSocket(plain, listener.getHostString(), listener.getPort(), true)) {
                tls.startHandshake();
            } catch (IOException e) {
                // Without a certificate the listener refuses; by then it has asked.
                if (seen.names.isEmpty()) {
                    throw e;
                }
            }
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
        return new HashSet<>(seen.names.orElseThrow(() -> new IOException("a listener that asks for no certificate")));
    }

    private TrustManagerFactory shown() throws IOException, GeneralSecurityException {
        var anchors = KeyStore.getInstance("PKCS12");
        anchors.load(null, null);
        int number = 0;
        for (var store : keystores) {
            for (Certificate certificate : StoreFile.certificates(store)) {
                anchors.setCertificateEntry("shown-" + number++, certificate);
            }
        }
        var factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(anchors);
        return factory;
    }

    /** Has no certificate, and notes which it was asked for. Used by one handshake. */
    private static final class Nobody extends X509ExtendedKeyManager {
        private Optional<Set<Principal>> names = Optional.empty();

        @Override
        public @Nullable String chooseClientAlias(
                String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
            names = Optional.of(issuers == null ? Set.of() : Set.of(issuers));
            return null;
        }

        @Override
        public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
            return null;
        }

        @Override
        public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
            return null;
        }

        @Override
        public @Nullable String chooseServerAlias(
                String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
            return null;
        }

        @Override
        public X509Certificate @Nullable [] getCertificateChain(String alias) {
            return null;
        }

        @Override
        public @Nullable PrivateKey getPrivateKey(String alias) {
            return null;
        }
    }
}
