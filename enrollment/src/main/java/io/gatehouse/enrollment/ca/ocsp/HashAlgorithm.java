package io.gatehouse.enrollment.ca.ocsp;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;

/** The hashes by which a CertID may name an issuer: SHA-1 (RFC 6960, appendix B), which protects nothing there, and SHA-256 (RFC 9919, section 3.1.1). */
enum HashAlgorithm {
    SHA_1("SHA-1", "1.3.14.3.2.26"),
    SHA_256("SHA-256", "2.16.840.1.101.3.4.2.1");

    private final String javaName;
    private final String oid;

    HashAlgorithm(String javaName, String oid) {
        this.javaName = javaName;
        this.oid = oid;
    }

    static Optional<HashAlgorithm> ofOid(String oid) {
        for (var value : values()) {
            if (value.oid.equals(oid)) {
                return Optional.of(value);
            }
        }
        return Optional.empty();
    }

    byte[] of(byte[] bytes) {
        try {
            return MessageDigest.getInstance(javaName).digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1 and SHA-256", e);
        }
    }
}
