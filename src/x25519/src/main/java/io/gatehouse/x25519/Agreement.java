package io.gatehouse.x25519;

import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidKeyException;
import java.security.Key;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.security.spec.AlgorithmParameterSpec;
import java.util.Set;
import javax.crypto.KeyAgreementSpi;
import javax.crypto.SecretKey;
import javax.crypto.ShortBufferException;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Diffie-Hellman with X25519 (RFC 7748 §6.1). A peer's point of small order, which makes the secret all zeros, is refused in
 * {@code doPhase}, as RFC 8446 §7.4.2 demands.
 */
final class Agreement extends KeyAgreementSpi {
    /** For what the JDK takes secrets: the names of TLS up to Java 24 and since. */
    private static final Set<String> PURPOSES = Set.of("TlsPremasterSecret", "Generic");

    private final NativeCode code;
    private byte @Nullable [] scalar;
    private byte @Nullable [] secret;

    Agreement(NativeCode code) {
        this.code = code;
    }

    @Override
    protected void engineInit(Key key, @Nullable SecureRandom random) throws InvalidKeyException {
        secret = null;
        scalar = Keys.scalar(key);
    }

    @Override
    protected void engineInit(Key key, @Nullable AlgorithmParameterSpec parameters, @Nullable SecureRandom random)
            throws InvalidKeyException, InvalidAlgorithmParameterException {
        if (parameters != null && !Keys.isX25519(parameters)) {
            throw new InvalidAlgorithmParameterException("X25519 alone");
        }
        engineInit(key, random);
    }

    @Override
    protected @Nullable Key engineDoPhase(Key key, boolean lastPhase) throws InvalidKeyException {
        if (scalar == null) {
            throw new IllegalStateException("not initialised");
        }
        if (secret != null) {
            throw new IllegalStateException("the phase is done");
        }
        if (!lastPhase) {
            throw new IllegalStateException("X25519 has one phase");
        }
        byte[] result = agree(scalar, Keys.publicKey(key));
        if (isZero(result)) {
            throw new InvalidKeyException("a point of small order");
        }
        secret = result;
        return null;
    }

    private byte[] agree(byte[] own, X25519PublicKey peer) throws InvalidKeyException {
        try {
            return code.x25519(own, peer.bytes());
        } catch (GeneralSecurityException e) {
            throw new InvalidKeyException("a point of small order", e);
        }
    }

    private static boolean isZero(byte[] bytes) {
        int seen = 0;
        for (byte each : bytes) {
            seen |= each;
        }
        return seen == 0;
    }

    @Override
    protected byte[] engineGenerateSecret() {
        if (secret == null) {
            throw new IllegalStateException("the phase is not done");
        }
        byte[] result = secret;
        secret = null;
        return result;
    }

    @Override
    protected int engineGenerateSecret(byte[] target, int offset) throws ShortBufferException {
        if (target.length - offset < Encoding.LENGTH) {
            throw new ShortBufferException("the secret has 32 bytes");
        }
        System.arraycopy(engineGenerateSecret(), 0, target, offset, Encoding.LENGTH);
        return Encoding.LENGTH;
    }

    @Override
    protected SecretKey engineGenerateSecret(String purpose) throws NoSuchAlgorithmException {
        if (!PURPOSES.contains(purpose)) {
            throw new NoSuchAlgorithmException("no secret for " + purpose);
        }
        return new SecretKeySpec(engineGenerateSecret(), purpose);
    }
}
