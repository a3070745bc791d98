package io.gatehouse.enrollment.keys;

import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.Security;
import java.security.Signature;

/**
 * Which JCA provider does the work: Amazon's Corretto Crypto Provider (ACCP) where its jar is on the class path and its native
 * library loads, the JDK's own otherwise. On JDK 17 ACCP signs some twenty times faster; what it does not offer (X25519, the path
 * check, JSSE itself) stays with the JDK, and the keys of TLS are agreed on with the curves that it does offer.
 *
 * @param name the provider's name, such as {@code AmazonCorrettoCryptoProvider} or {@code SunEC}
 * @param version the provider's version
 * @param accelerated whether the native provider is in use
 */
public record CryptoProvider(String name, String version, boolean accelerated) {
    private static final String ACCP = "AmazonCorrettoCryptoProvider";
    /** JSSE reads it at its first handshake; who sets it himself is left alone. */
    private static final String GROUPS = "jdk.tls.namedGroups";
    /**
     * What ACCP calculates. X25519 is left to the JDK's own arithmetic, which takes longer than all the rest of a handshake: a client
     * that offers nothing else at first is asked for P-256, which every client of TLS 1.3 has (RFC 8446, section 9.1).
     */
    private static final String NATIVE_GROUPS = "secp256r1, secp384r1, secp521r1";

    private static final String ACCP_CLASS = "com.amazon.corretto.crypto.provider." + ACCP;

    /**
     * Puts ACCP first in this JVM's list of providers if it works here, and tells which provider is then in use. To be called
     * before the first use of cryptography. Never fails: an absent jar or a library for another machine leaves the JDK's own.
     * Idempotent and thread-safe.
     */
    public static synchronized CryptoProvider installFirst() {
        try {
            var provider = (Provider)
                    Class.forName(ACCP_CLASS).getDeclaredField("INSTANCE").get(null);
            if (works(provider) && !Security.getProviders()[0].getName().equals(ACCP)) {
                Security.removeProvider(ACCP);
                Security.insertProviderAt(provider, 1);
            }
            if (inUse().accelerated() && System.getProperty(GROUPS) == null) {
                System.setProperty(GROUPS, NATIVE_GROUPS);
            }
        } catch (ReflectiveOperationException | LinkageError | RuntimeException e) {
            return inUse();
        }
        return inUse();
    }

    /** The provider that signs with P-256 in this JVM now. Thread-safe. */
    public static CryptoProvider inUse() {
        try {
            var provider = Signature.getInstance(SoftwareKey.ALGORITHM).getProvider();
            return new CryptoProvider(
                    provider.getName(),
                    provider.getVersionStr(),
                    provider.getName().equals(ACCP));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java platform cannot sign with ECDSA", e);
        }
    }

    /** Without its native library the provider can be listed, but offers nothing. */
    private static boolean works(Provider provider) {
        return provider.getService("Signature", SoftwareKey.ALGORITHM) != null;
    }
}
