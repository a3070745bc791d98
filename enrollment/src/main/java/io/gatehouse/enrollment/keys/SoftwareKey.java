package io.gatehouse.enrollment.keys;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;

/** A P-256 key in this process's memory. Thread-safe. */
public final class SoftwareKey implements SigningKey {
    static final String ALGORITHM = "SHA256withECDSA";

    private final PrivateKey privateKey;
    private final PublicKey publicKey;

    private SoftwareKey(PrivateKey privateKey, PublicKey publicKey) {
        this.privateKey = privateKey;
        this.publicKey = publicKey;
    }

    /**
     * The key of that pair.
     *
     * @throws IllegalArgumentException when the halves do not belong together or cannot sign
     */
    public static SoftwareKey of(PrivateKey privateKey, PublicKey publicKey) {
        var key = new SoftwareKey(privateKey, publicKey);
        if (!key.verifies()) {
            throw new IllegalArgumentException("the private key does not belong to the public key");
        }
        return key;
    }

    /** A new P-256 pair, for a caller that must also write it down. */
    public static KeyPair generate() {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java platform cannot make a P-256 key", e);
        }
    }

    @Override
    public byte[] sign(byte[] tbs) {
        try {
            var signature = Signature.getInstance(ALGORITHM);
            signature.initSign(privateKey);
            signature.update(tbs);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new SigningException(e);
        }
    }

    @Override
    public PublicKey publicKey() {
        return publicKey;
    }

    @Override
    public String toString() {
        return "SoftwareKey[P-256]";
    }

    private boolean verifies() {
        var probe = new byte[] {1};
        try {
            var signature = Signature.getInstance(ALGORITHM);
            signature.initVerify(publicKey);
            signature.update(probe);
            return signature.verify(sign(probe));
        } catch (GeneralSecurityException | SigningException e) {
            return false;
        }
    }
}
