package io.gatehouse.enrollment.keys;

import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.Security;
import java.security.Signature;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which JCA provider does the work: Amazon's Corretto Crypto Provider (ACCP) where its jar is on the class path and its native
 * library loads, the JDK's own otherwise. On JDK 17 ACCP signs some twenty times faster. X25519, which ACCP 2.5 does not offer, comes
 * from Conscrypt in the same way; what neither offers (the path check, JSSE itself) stays with the JDK.
 *
 * @param name the provider's name, such as {@code AmazonCorrettoCryptoProvider} or {@code SunEC}
 * @param version the provider's version
 * @param accelerated whether a native provider is in use
 */
public record CryptoProvider(String name, String version, boolean accelerated) {
    private static final Logger LOG = LoggerFactory.getLogger(CryptoProvider.class);

    private static final String ACCP = "AmazonCorrettoCryptoProvider";
    private static final String ACCP_CLASS = "com.amazon.corretto.crypto.provider." + ACCP;
    private static final String X25519 = "ConscryptX25519";
    private static final String X25519_CLASS = "io.gatehouse.x25519." + X25519;

    /**
     * Puts the native providers before the JDK's in this JVM, those that work here, and tells which one then signs. To be called
     * before the first use of cryptography. Never fails: an absent jar or a library for another machine leaves the JDK's own.
     * Idempotent and thread-safe.
     */
    public static synchronized CryptoProvider installFirst() {
        installAccp();
        installX25519();
        return inUse();
    }

    private static void installAccp() {
        try {
            var provider = (Provider)
                    Class.forName(ACCP_CLASS).getDeclaredField("INSTANCE").get(null);
            if (works(provider) && !Security.getProviders()[0].getName().equals(ACCP)) {
                Security.removeProvider(ACCP);
                Security.insertProviderAt(provider, 1);
            }
        } catch (ReflectiveOperationException | LinkageError | RuntimeException e) {
            LOG.debug("{} is not used", ACCP, e);
        }
    }

    private static void installX25519() {
        if (Security.getProvider(X25519) != null) {
            return;
        }
        try {
            var type = Class.forName(X25519_CLASS).asSubclass(Provider.class);
            var provider = type.getConstructor().newInstance();
            if (provider.getServices().isEmpty()) {
                LOG.warn("{}", provider.getInfo());
            } else {
                // After ACCP: the first one is asked for every algorithm, and this one has but one.
                Security.insertProviderAt(
                        provider, Security.getProviders()[0].getName().equals(ACCP) ? 2 : 1);
            }
        } catch (ReflectiveOperationException | LinkageError | RuntimeException e) {
            LOG.debug("{} is not used", X25519, e);
        }
    }

    /** The provider that signs with P-256 in this JVM now. Thread-safe. */
    public static CryptoProvider inUse() {
        try {
            return of(Signature.getInstance(SoftwareKey.ALGORITHM).getProvider());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java platform cannot sign with ECDSA", e);
        }
    }

    /** The provider of X25519, by which most handshakes of TLS 1.3 agree on their keys, in this JVM now. Thread-safe. */
    public static CryptoProvider ofX25519() {
        try {
            return of(KeyPairGenerator.getInstance("X25519").getProvider());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java platform has no X25519", e);
        }
    }

    @Override
    public String toString() {
        return name + " " + version;
    }

    private static CryptoProvider of(Provider provider) {
        var name = provider.getName();
        return new CryptoProvider(name, provider.getVersionStr(), name.equals(ACCP) || name.equals(X25519));
    }

    /** Without its native library the provider can be listed, but offers nothing. */
    private static boolean works(Provider provider) {
        return provider.getService("Signature", SoftwareKey.ALGORITHM) != null;
    }
}
