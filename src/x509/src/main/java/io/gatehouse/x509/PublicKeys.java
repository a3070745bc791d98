package io.gatehouse.x509;

import io.gatehouse.identity.Fingerprint;
import io.gatehouse.identity.RefusalReason;
import io.gatehouse.x509.der.DerReader;
import io.gatehouse.x509.der.DerTag;
import io.gatehouse.x509.der.MalformedException;
import java.math.BigInteger;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.X509EncodedKeySpec;

/**
 * Public keys that a certificate may carry: P-256, P-384, P-521 as a named curve with a point on it (RFC 5480), Ed25519 (RFC 8410), RSA of
 * 2048 to 4096 bits with an odd exponent from 65537 to 32 bits. Everything else is refused before any arithmetic that a stranger could
 * make expensive. Stateless.
 */
public final class PublicKeys {
    static final String EC = "1.2.840.10045.2.1";
    static final String RSA = "1.2.840.113549.1.1.1";
    static final String ED25519 = "1.3.101.112";

    private static final int LARGEST = 2048;

    private PublicKeys() {}

    /** What kind of key it is. */
    public enum Kind {
        P256("P-256", 256),
        P384("P-384", 384),
        P521("P-521", 521),
        ED25519("Ed25519", 255),
        RSA("RSA", 0);

        private final String word;
        private final int bits;

        Kind(String word, int bits) {
            this.word = word;
            this.bits = bits;
        }

        /** As people write it. */
        public String word() {
            return word;
        }
    }

    /** A key that may be certified: its kind, its size in bits, the encoded SubjectPublicKeyInfo's SHA-256, and the JCA key. */
    public record SubjectKey(Kind kind, int bits, Fingerprint fingerprint, PublicKey publicKey) {}

    /** The key in a SubjectPublicKeyInfo that fills the bytes exactly; refused with WEAK_KEY or BAD_REQUEST. */
    public static Parsed<SubjectKey> read(byte[] spki) {
        try {
            if (spki.length > LARGEST) {
                return weak("a public key above " + LARGEST + " bytes");
            }
            var outer = new DerReader(spki);
            var info = outer.sequence();
            outer.end();
            var algorithm = info.sequence();
            var key = info.bitString();
            info.end();
            return switch (algorithm.oid()) {
                case EC -> ellipticCurve(spki, algorithm, key);
                case RSA -> rsa(spki, algorithm, key);
                case ED25519 -> ed25519(spki, algorithm, key);
                default -> weak("a public key that is not EC, RSA or Ed25519");
            };
        } catch (MalformedException e) {
            return Parsed.malformed(RefusalReason.BAD_REQUEST, "public key: " + e.getMessage());
        }
    }

    private static Parsed<SubjectKey> ellipticCurve(byte[] spki, DerReader algorithm, byte[] point)
            throws MalformedException {
        if (!algorithm.next(DerTag.OBJECT_IDENTIFIER)) {
            return weak("an elliptic curve that is not named");
        }
        var curve = NamedCurve.ofOid(algorithm.oid());
        algorithm.end();
        if (curve == null) {
            return weak("an elliptic curve that is not P-256, P-384 or P-521");
        }
        if (!curve.holds(point)) {
            return weak("a point that is compressed or not on its curve");
        }
        return key(spki, curve.kind(), curve.kind().bits, "EC");
    }

    private static Parsed<SubjectKey> rsa(byte[] spki, DerReader algorithm, byte[] key) throws MalformedException {
        algorithm.nullValue();
        algorithm.end();
        var outer = new DerReader(key);
        var numbers = outer.sequence();
        outer.end();
        var modulus = numbers.integer();
        var exponent = numbers.integer();
        numbers.end();
        if (modulus.signum() <= 0 || modulus.bitLength() < 2048 || modulus.bitLength() > 4096 || !modulus.testBit(0)) {
            return weak("an RSA modulus outside 2048 to 4096 bits, or even");
        }
        if (exponent.compareTo(BigInteger.valueOf(65537)) < 0 || exponent.bitLength() > 32 || !exponent.testBit(0)) {
            return weak("an RSA exponent below 65537, above 32 bits, or even");
        }
        return key(spki, Kind.RSA, modulus.bitLength(), "RSA");
    }

    private static Parsed<SubjectKey> ed25519(byte[] spki, DerReader algorithm, byte[] key) throws MalformedException {
        algorithm.end();
        if (key.length != 32) {
            return weak("an Ed25519 key that is not of 32 bytes");
        }
        return key(spki, Kind.ED25519, Kind.ED25519.bits, "Ed25519");
    }

    private static Parsed<SubjectKey> key(byte[] spki, Kind kind, int bits, String algorithm) {
        try {
            var key = KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(spki));
            return Parsed.good(new SubjectKey(kind, bits, Fingerprint.sha256(spki), key));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java platform has no " + algorithm, e);
        } catch (InvalidKeySpecException | RuntimeException e) {
            // not every provider keeps to the checked exception
            return weak("a public key that cannot be used");
        }
    }

    private static Parsed<SubjectKey> weak(String detail) {
        return Parsed.malformed(RefusalReason.WEAK_KEY, detail);
    }
}
