package io.gatehouse.x25519;

import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidParameterException;
import java.security.KeyPair;
import java.security.KeyPairGeneratorSpi;
import java.security.ProviderException;
import java.security.SecureRandom;
import java.security.spec.AlgorithmParameterSpec;

/** New pairs. The source of randomness that a caller hands over is not used: BoringSSL has its own. */
final class PairGenerator extends KeyPairGeneratorSpi {
    private static final int BITS = 255;

    private final NativeCode code;

    PairGenerator(NativeCode code) {
        this.code = code;
    }

    @Override
    public void initialize(int bits, SecureRandom random) {
        if (bits != BITS) {
            throw new InvalidParameterException("X25519 has keys of 255 bits");
        }
    }

    @Override
    public void initialize(AlgorithmParameterSpec parameters, SecureRandom random)
            throws InvalidAlgorithmParameterException {
        if (!Keys.isX25519(parameters)) {
            throw new InvalidAlgorithmParameterException("X25519 alone");
        }
    }

    @Override
    public KeyPair generateKeyPair() {
        try {
            return code.newPair();
        } catch (GeneralSecurityException e) {
            throw new ProviderException(e);
        }
    }
}
