package io.gatehouse.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A certificate together with its key.
 *
 * @param certificate the leaf
 * @param chain what is sent in a handshake: the leaf, then the authorities without the root
 */
public record HeldCertificate(KeyPair key, X509Certificate certificate, List<X509Certificate> chain) {
    private static final char[] NO_SECRET = "test".toCharArray();

    public HeldCertificate {
        chain = List.copyOf(chain);
    }

    /** The private key. */
    public PrivateKey privateKey() {
        return key.getPrivate();
    }

    /** SHA-256 of the certificate's DER, lower-case hex. */
    public String sha256() {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
        } catch (GeneralSecurityException broken) {
            throw new IllegalStateException(broken);
        }
    }

    /** A TLS context that presents this certificate and trusts exactly those anchors. */
    public SSLContext sslContext(List<X509Certificate> anchors) {
        try {
            KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
            keys.init(keyStore(), NO_SECRET);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), trust(anchors).getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException broken) {
            throw new IllegalStateException(broken);
        }
    }

    /** A TLS context without a certificate of its own that trusts exactly those anchors. */
    public static SSLContext anonymous(List<X509Certificate> anchors) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust(anchors).getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException broken) {
            throw new IllegalStateException(broken);
        }
    }

    /** Key managers that present this certificate. */
    public KeyManagerFactory keyManagers() {
        try {
            KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
            keys.init(keyStore(), NO_SECRET);
            return keys;
        } catch (GeneralSecurityException broken) {
            throw new IllegalStateException(broken);
        }
    }

    /** Trust managers for exactly those anchors. */
    public static TrustManagerFactory trust(List<X509Certificate> anchors) {
        try {
            KeyStore store = emptyStore();
            for (int i = 0; i < anchors.size(); i++) {
                store.setCertificateEntry("anchor-" + i, anchors.get(i));
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
            trust.init(store);
            return trust;
        } catch (GeneralSecurityException broken) {
            throw new IllegalStateException(broken);
        }
    }

    /** A key store in memory with this one entry; password {@code test}. */
    public KeyStore keyStore() {
        try {
            KeyStore store = emptyStore();
            store.setKeyEntry("key", privateKey(), NO_SECRET, chain.toArray(X509Certificate[]::new));
            return store;
        } catch (GeneralSecurityException broken) {
            throw new IllegalStateException(broken);
        }
    }

    /** Writes {@code NAME.key} and {@code NAME.pem} (the leaf and its chain) for tools that want files. */
    public PemFiles writeTo(Path directory, String name) {
        try {
            Path keyFile = Files.writeString(directory.resolve(name + ".key"), PemText.privateKey(privateKey()));
            Path certificates = Files.writeString(directory.resolve(name + ".pem"), PemText.certificates(chain));
            return new PemFiles(keyFile, certificates);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /** A key and a certificate file. */
    public record PemFiles(Path key, Path certificates) {}

    private static KeyStore emptyStore() throws GeneralSecurityException {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            return store;
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }
}
