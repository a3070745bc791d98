package io.gatehouse.enrollment.est;

import io.gatehouse.x509.der.DerWriter;

/**
 * What csrattrs says a request should have (RFC 7030, section 4.5.2): a P-256 key and a signature by ECDSA with SHA-256. Advice:
 * other kinds of keys that the fleet accepts are taken too.
 */
final class CsrAttributes {
    private static final String EC_PUBLIC_KEY = "1.2.840.10045.2.1";
    private static final String P256 = "1.2.840.10045.3.1.7";
    private static final String ECDSA_WITH_SHA256 = "1.2.840.10045.4.3.2";

    private CsrAttributes() {}

    static byte[] der() {
        return DerWriter.sequence(
                DerWriter.sequence(DerWriter.oid(EC_PUBLIC_KEY), DerWriter.set(DerWriter.oid(P256))),
                DerWriter.oid(ECDSA_WITH_SHA256));
    }
}
