package io.gatehouse.x25519;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.spec.NamedParameterSpec;
import java.security.spec.XECPrivateKeySpec;
import java.security.spec.XECPublicKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.KeyAgreement;

/** What a provider must do before it is trusted: RFC 7748 §6.1's example, and the same secret on both sides of new pairs. */
final class SelfTest {
    private static final String ALICE = "77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a";
    private static final String BOBS_POINT = "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f";
    private static final String SHARED = "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742";

    private SelfTest() {}

    static void run(Provider provider) throws GeneralSecurityException {
        var factory = KeyFactory.getInstance(ConscryptX25519.ALGORITHM, provider);
        var alice = factory.generatePrivate(new XECPrivateKeySpec(NamedParameterSpec.X25519, bytes(ALICE)));
        var point = new X25519PublicKey(bytes(BOBS_POINT)).getU();
        var bob = factory.generatePublic(new XECPublicKeySpec(NamedParameterSpec.X25519, point));
        require(Arrays.equals(agree(provider, alice, bob), bytes(SHARED)));

        var generator = KeyPairGenerator.getInstance(ConscryptX25519.ALGORITHM, provider);
        generator.initialize(NamedParameterSpec.X25519);
        var one = generator.generateKeyPair();
        var other = generator.generateKeyPair();
        require(!one.getPublic().equals(other.getPublic()));
        require(Arrays.equals(
                agree(provider, one.getPrivate(), other.getPublic()),
                agree(provider, other.getPrivate(), one.getPublic())));
    }

    private static byte[] agree(Provider provider, PrivateKey own, PublicKey peer) throws GeneralSecurityException {
        var agreement = KeyAgreement.getInstance(ConscryptX25519.ALGORITHM, provider);
        agreement.init(own);
        agreement.doPhase(peer, true);
        return agreement.generateSecret();
    }

    private static void require(boolean holds) throws GeneralSecurityException {
        if (!holds) {
            throw new GeneralSecurityException("X25519 gives wrong results");
        }
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex);
    }
}
