package io.gatehouse.broker.wiring;

import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.Signature;

/**
 * Whose code signs and agrees on keys in this JVM; a provider may be listed and offer nothing.
 *
 * @param signatures the provider of ECDSA, by its name
 * @param x25519 the provider of X25519
 */
record CryptoInUse(String signatures, String x25519) {
    static final String NATIVE = "AmazonCorrettoCryptoProvider";

    static CryptoInUse here() {
        try {
            return new CryptoInUse(
                    Signature.getInstance("SHA256withECDSA").getProvider().getName(),
                    KeyPairGenerator.getInstance("X25519").getProvider().getName());
        } catch (NoSuchAlgorithmException e) {
            return new CryptoInUse("none", "none");
        }
    }

    /** Whether signatures, which cost the most, are made by native code. Who agrees on keys does not count: that one has no X25519. */
    boolean isNative() {
        return signatures.equals(NATIVE);
    }

    /** As log and status say it. */
    @Override
    public String toString() {
        return signatures.equals(x25519) ? signatures : signatures + ", X25519 " + x25519;
    }
}
