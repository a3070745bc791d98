package io.gatehouse.enrollment.keys;

import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.Security;
import java.security.Signature;

/**
 * Which JCA provider does the work: Amazon's Corretto Crypto Provider (ACCP) where its jar is on the class path and its native
 * library loads, the JDK's own otherwise. On JDK 17 ACCP signs some twenty times faster; what it does not offer (X25519, the path
 * check, JSSE itself) stays with the JDK.
 *
 * @param name the provider's name, such as {@code AmazonCorrettoCryptoProvider} or {@code SunEC}
 * @param version the provider's version
 * @param accelerated whether the native provider is in use
 */
public record CryptoProvider(String name, String version, boolean accelerated) {
    private static final String ACCP = "AmazonCorrettoCryptoProvider";
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
