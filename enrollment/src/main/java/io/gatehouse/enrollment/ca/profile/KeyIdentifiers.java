package io.gatehouse.enrollment.ca.profile;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import org.bouncycastle.asn1.x509.SubjectKeyIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;

/** Key identifiers by RFC 7093, section 2, method 1: the leftmost 160 bits of the SHA-256 of the key's BIT STRING. */
public final class KeyIdentifiers {
    private static final int BYTES = 20;

    private KeyIdentifiers() {}

    /** The identifier of that key. */
    public static SubjectKeyIdentifier of(SubjectPublicKeyInfo key) {
        try {
            // the JDK's digest: Bouncy Castle's is several times slower
            var digest = MessageDigest.getInstance("SHA-256")
                    .digest(key.getPublicKeyData().getOctets());
            return new SubjectKeyIdentifier(Arrays.copyOf(digest, BYTES));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
