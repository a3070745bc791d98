package io.gatehouse.enrollment.est;

import io.gatehouse.enrollment.app.domain.KeyKind;
import io.gatehouse.x509.der.DerWriter;
import java.util.Set;

/**
 * What csrattrs says a request should have (RFC 7030, section 4.5.2): the first kind of key that is accepted, P-256 unless a fleet does
 * not take it, and a signature that fits. Advice: other kinds that the fleet accepts are taken too.
 */
final class CsrAttributes {
    private static final String EC_PUBLIC_KEY = "1.2.840.10045.2.1";
    private static final String RSA_ENCRYPTION = "1.2.840.113549.1.1.1";

    private CsrAttributes() {}

    /** In the order of preference that the kinds have; at least one is accepted. */
    static byte[] der(Set<KeyKind> accepted) {
        return switch (accepted.stream().sorted().findFirst().orElse(KeyKind.P256)) {
            case P256 -> curve("1.2.840.10045.3.1.7", "1.2.840.10045.4.3.2");
            case P384 -> curve("1.3.132.0.34", "1.2.840.10045.4.3.3");
            case P521 -> curve("1.3.132.0.35", "1.2.840.10045.4.3.4");
            case ED25519 -> DerWriter.sequence(DerWriter.oid("1.3.101.112"));
            case RSA_2048 -> rsa(2048);
            case RSA_3072 -> rsa(3072);
            case RSA_4096 -> rsa(4096);
        };
    }

    private static byte[] curve(String oid, String ecdsa) {
        return DerWriter.sequence(
                DerWriter.sequence(DerWriter.oid(EC_PUBLIC_KEY), DerWriter.set(DerWriter.oid(oid))),
                DerWriter.oid(ecdsa));
    }

    private static byte[] rsa(int bits) {
        return DerWriter.sequence(
                DerWriter.sequence(DerWriter.oid(RSA_ENCRYPTION), DerWriter.set(DerWriter.integer(bits))),
                DerWriter.oid("1.2.840.113549.1.1.11"));
    }
}
