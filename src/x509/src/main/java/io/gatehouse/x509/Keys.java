package io.gatehouse.x509;

import io.gatehouse.x509.der.DerReader;
import io.gatehouse.x509.der.MalformedException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;

/** Keys of our own: P-256 made here, and private keys read from PKCS#8 (RFC 5958). Stateless. */
public final class Keys {
    private static final SecureRandom RANDOM = new SecureRandom();

    private Keys() {}

    /** A new P-256 key pair. */
    public static KeyPair generateP256() {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"), RANDOM);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java platform has no P-256", e);
        }
    }

    /** An EC, RSA or Ed25519 key from unencrypted PKCS#8. */
    public static PrivateKey privateKey(byte[] pkcs8) throws MalformedException {
        var outer = new DerReader(pkcs8);
        var info = outer.sequence();
        outer.end();
        info.integer(1);
        var algorithm = switch (info.sequence().oid()) {
            case PublicKeys.EC -> "EC";
            case PublicKeys.RSA -> "RSA";
            case PublicKeys.ED25519 -> "Ed25519";
            default -> throw new MalformedException("a private key that is not EC, RSA or Ed25519");
        };
        try {
            return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
        } catch (InvalidKeySpecException e) {
            throw new MalformedException("a private key that cannot be read");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java platform has no " + algorithm, e);
        }
    }

    /** Whether the two belong together: what the private key signs, the public key verifies. */
    public static boolean match(PrivateKey privateKey, PublicKey publicKey) {
        var probe = new byte[32];
        RANDOM.nextBytes(probe);
        try {
            var signer = Signature.getInstance(signatureAlgorithm(privateKey.getAlgorithm()));
            signer.initSign(privateKey);
            signer.update(probe);
            var signature = signer.sign();
            var verifier = Signature.getInstance(signatureAlgorithm(publicKey.getAlgorithm()));
            verifier.initVerify(publicKey);
            verifier.update(probe);
            return verifier.verify(signature);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return false;
        }
    }

    /** The signature that a key of this algorithm makes here: with SHA-256, or Ed25519. */
    static String signatureAlgorithm(String keyAlgorithm) {
        return switch (keyAlgorithm) {
            case "EC" -> "SHA256withECDSA";
            case "RSA" -> "SHA256withRSA";
            case "EdDSA", "Ed25519" -> "Ed25519";
            default -> throw new IllegalArgumentException("no signature is made with keys of " + keyAlgorithm);
        };
    }
}
