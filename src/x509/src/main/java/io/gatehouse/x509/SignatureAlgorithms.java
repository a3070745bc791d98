package io.gatehouse.x509;

import io.gatehouse.x509.der.DerReader;
import io.gatehouse.x509.der.DerTag;
import io.gatehouse.x509.der.DerWriter;
import io.gatehouse.x509.der.MalformedException;
import java.util.Map;
import java.util.Optional;

/** The signature algorithms that are accepted: SHA-2 with ECDSA or RSA, and Ed25519 (RFC 5758, RFC 4055, RFC 8410). */
final class SignatureAlgorithms {
    private static final Map<String, String> BY_OID = Map.of(
            "1.2.840.10045.4.3.2", "SHA256withECDSA",
            "1.2.840.10045.4.3.3", "SHA384withECDSA",
            "1.2.840.10045.4.3.4", "SHA512withECDSA",
            "1.2.840.113549.1.1.11", "SHA256withRSA",
            "1.2.840.113549.1.1.12", "SHA384withRSA",
            "1.2.840.113549.1.1.13", "SHA512withRSA",
            "1.3.101.112", "Ed25519");

    private SignatureAlgorithms() {}

    /** The JCA name of an AlgorithmIdentifier, or nothing when it is not accepted. */
    static Optional<String> jcaName(byte[] identifier) throws MalformedException {
        var algorithm = new DerReader(identifier).sequence();
        var oid = algorithm.oid();
        var name = Optional.ofNullable(BY_OID.get(oid));
        if (name.isPresent()) {
            // RSA has NULL or nothing, the others nothing
            if (name.get().endsWith("RSA") && algorithm.next(DerTag.NULL)) {
                algorithm.nullValue();
            }
            algorithm.end();
        }
        return name;
    }

    static boolean fits(String jcaName, PublicKeys.Kind kind) {
        return switch (kind) {
            case P256, P384, P521 -> jcaName.endsWith("withECDSA");
            case RSA -> jcaName.endsWith("withRSA");
            case ED25519 -> jcaName.equals("Ed25519");
        };
    }

    /** The AlgorithmIdentifier of a JCA name above. */
    static byte[] identifier(String jcaName) {
        var oid = BY_OID.entrySet().stream()
                .filter(entry -> entry.getValue().equals(jcaName))
                .findFirst()
                .orElseThrow()
                .getKey();
        return jcaName.endsWith("RSA")
                ? DerWriter.sequence(DerWriter.oid(oid), DerWriter.nullValue())
                : DerWriter.sequence(DerWriter.oid(oid));
    }
}
