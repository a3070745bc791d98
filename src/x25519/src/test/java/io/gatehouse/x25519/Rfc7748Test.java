package io.gatehouse.x25519;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.spec.NamedParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.security.spec.XECPublicKeySpec;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** The examples of RFC 7748 §5.2 and §6.1, through the JCA. */
class Rfc7748Test {
    private final Jca ours = new Jca(new ConscryptX25519());

    @Test
    void the_two_examples_of_the_function_come_out() throws GeneralSecurityException {
        assertThat(x25519(
                        "a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4",
                        "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c"))
                .isEqualTo("c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552");
        assertThat(x25519(
                        "4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d",
                        "e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493"))
                .as("with the topmost bit set, which does not count")
                .isEqualTo("95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957");
    }

    @Test
    void a_thousand_iterations_come_out() throws GeneralSecurityException {
        String k = "09" + "00".repeat(31);
        String u = k;
        for (int i = 0; i < 1_000; i++) {
            String next = x25519(k, u);
            u = k;
            k = next;
            if (i == 0) {
                assertThat(k).isEqualTo("422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079");
            }
        }
        assertThat(k).isEqualTo("684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51");
    }

    @Test
    void alice_and_bob_agree() throws GeneralSecurityException {
        String alice = "77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a";
        String bob = "5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb";
        String base = "09" + "00".repeat(31);
        String shared = "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742";

        assertThat(x25519(alice, base)).isEqualTo("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a");
        assertThat(x25519(bob, base)).isEqualTo("de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f");
        assertThat(x25519(alice, x25519(bob, base))).isEqualTo(shared);
        assertThat(x25519(bob, x25519(alice, base))).isEqualTo(shared);
    }

    @Test
    void a_number_beyond_the_field_is_its_remainder() throws GeneralSecurityException {
        BigInteger p = BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(19));
        KeyFactory factory = KeyFactory.getInstance("XDH", ours.provider());
        var nine = factory.generatePublic(new XECPublicKeySpec(NamedParameterSpec.X25519, BigInteger.valueOf(9)));

        assertThat(factory.generatePublic(
                        new XECPublicKeySpec(NamedParameterSpec.X25519, p.add(BigInteger.valueOf(9)))))
                .isEqualTo(nine);
    }

    /** The scalar as PKCS#8, the point as X.509: the topmost bit comes along, as it does over the wire. */
    private String x25519(String scalar, String point) throws GeneralSecurityException {
        byte[] encoded = Encoding.X509.wrap(HexFormat.of().parseHex(point));
        var peer = KeyFactory.getInstance("XDH", ours.provider()).generatePublic(new X509EncodedKeySpec(encoded));
        byte[] secret = ours.agree(ours.privateKey(HexFormat.of().parseHex(scalar)), peer);
        return HexFormat.of().formatHex(secret);
    }
}
