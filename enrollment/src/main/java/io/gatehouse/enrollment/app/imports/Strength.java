package io.gatehouse.enrollment.app.imports;

import io.gatehouse.identity.RefusalReason;
import io.gatehouse.x509.Parsed;
import io.gatehouse.x509.PublicKeys;
import java.math.BigInteger;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPublicKey;
import java.util.Optional;
import java.util.Set;

/**
 * What keys and signatures of others are taken: as for our own certificates, and on demand RSA from 1024 bits on and SHA-1, which old
 * fleets have. Nothing weaker, whatever is demanded. Stateless.
 */
final class Strength {
    private static final int LEAST_RSA = 1024;
    private static final int MOST_RSA = 4096;
    /** ecdsa-with-SHA256, -384, -512; sha256WithRSAEncryption, 384, 512; Ed25519. */
    private static final Set<String> SOUND = Set.of(
            "1.2.840.10045.4.3.2",
            "1.2.840.10045.4.3.3",
            "1.2.840.10045.4.3.4",
            "1.2.840.113549.1.1.11",
            "1.2.840.113549.1.1.12",
            "1.2.840.113549.1.1.13",
            "1.3.101.112");
    /** sha1WithRSAEncryption, ecdsa-with-SHA1. */
    private static final Set<String> SHA1 = Set.of("1.2.840.113549.1.1.5", "1.2.840.10045.4.1");

    private Strength() {}

    /** What is wrong with the certificate's key or with the signature on it. */
    static Optional<Flaw> flaw(X509Certificate certificate, boolean weak) {
        return key(certificate, weak).or(() -> signature(certificate, weak));
    }

    private static Optional<Flaw> key(X509Certificate certificate, boolean weak) {
        var key = certificate.getPublicKey();
        if (!(PublicKeys.read(key.getEncoded()) instanceof Parsed.Malformed<PublicKeys.SubjectKey> bad)) {
            return Optional.empty();
        }
        boolean old = key instanceof RSAPublicKey rsa && isOldRsa(rsa);
        if (old && weak) {
            return Optional.empty();
        }
        String value =
                key instanceof RSAPublicKey rsa ? "RSA " + rsa.getModulus().bitLength() : key.getAlgorithm();
        return Optional.of(Flaw.certificate(
                value,
                RefusalReason.WEAK_KEY,
                bad.detail()
                        + (old ? "; --allow-weak takes it until the device has renewed" : "; it needs a new key")));
    }

    private static boolean isOldRsa(RSAPublicKey key) {
        int bits = key.getModulus().bitLength();
        var exponent = key.getPublicExponent();
        return bits >= LEAST_RSA
                && bits <= MOST_RSA
                && key.getModulus().testBit(0)
                && exponent.testBit(0)
                && exponent.bitLength() <= 32
                && exponent.compareTo(BigInteger.valueOf(3)) >= 0;
    }

    private static Optional<Flaw> signature(X509Certificate certificate, boolean weak) {
        var algorithm = certificate.getSigAlgOID();
        if (SOUND.contains(algorithm) || (weak && SHA1.contains(algorithm))) {
            return Optional.empty();
        }
        return Optional.of(
                Flaw.certificate(
                        certificate.getSigAlgName(),
                        RefusalReason.BAD_CERTIFICATE,
                        SHA1.contains(algorithm)
                                ? "the certificate is signed with SHA-1; --allow-weak takes it until the device has renewed"
                                : "the certificate's signature algorithm is not accepted: SHA-2 with ECDSA or RSA, or Ed25519"));
    }
}
