package io.gatehouse.x25519;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.interfaces.XECPrivateKey;
import java.security.interfaces.XECPublicKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.security.spec.XECPrivateKeySpec;
import java.security.spec.XECPublicKeySpec;
import java.util.HexFormat;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.crypto.KeyAgreement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConscryptX25519Test {
    private static final Provider PROVIDER = new ConscryptX25519();

    private final Jca ours = new Jca(PROVIDER);
    private final Jca jdk = Jca.jdk();

    @Test
    void it_offers_x25519_and_nothing_else_of_conscrypt() {
        assertThat(PROVIDER.getInfo()).startsWith("X25519 of Conscrypt 2.");
        assertThat(PROVIDER.getServices().stream()
                        .map(service -> service.getType() + " " + service.getAlgorithm())
                        .collect(Collectors.toSet()))
                .containsExactlyInAnyOrder("KeyPairGenerator XDH", "KeyFactory XDH", "KeyAgreement XDH");
        assertThat(PROVIDER.getService("KeyAgreement", "X25519")).isNotNull();
        assertThat(PROVIDER.getService("KeyAgreement", "X448")).isNull();
    }

    @Test
    void it_agrees_with_the_jdk_in_both_directions() throws GeneralSecurityException {
        for (int i = 0; i < 50; i++) {
            KeyPair here = ours.pair();
            KeyPair there = jdk.pair();
            byte[] secret = jdk.agree(there.getPrivate(), here.getPublic());

            assertThat(ours.agree(here.getPrivate(), there.getPublic())).isEqualTo(secret);
            assertThat(ours.agree(there.getPrivate(), here.getPublic()))
                    .as("with the JDK's private key")
                    .isEqualTo(secret);
            assertThat(jdk.agree(here.getPrivate(), there.getPublic()))
                    .as("the JDK with a private key from here")
                    .isEqualTo(secret);
        }
    }

    @Test
    void no_two_pairs_are_alike() throws GeneralSecurityException {
        KeyPair one = ours.pair();
        KeyPair other = ours.pair();

        assertThat(one.getPublic()).isNotEqualTo(other.getPublic());
        assertThat(one.getPrivate()).isNotEqualTo(other.getPrivate());
    }

    /** The five of them, and three other encodings: p and p + 1, which are 0 and 1, and 0 with the bit that does not count. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "0000000000000000000000000000000000000000000000000000000000000000",
                "0100000000000000000000000000000000000000000000000000000000000000",
                "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
                "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
                "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "0000000000000000000000000000000000000000000000000000000000000080",
            })
    void a_point_of_small_order_is_refused(String point) throws GeneralSecurityException {
        byte[] encoded = Encoding.X509.wrap(HexFormat.of().parseHex(point));
        var peer = KeyFactory.getInstance("XDH", PROVIDER).generatePublic(new X509EncodedKeySpec(encoded));
        KeyAgreement agreement = KeyAgreement.getInstance("XDH", PROVIDER);
        agreement.init(ours.pair().getPrivate());

        assertThatThrownBy(() -> agreement.doPhase(peer, true))
                .isInstanceOf(InvalidKeyException.class)
                .hasMessageContaining("small order");
        assertThatThrownBy(agreement::generateSecret).isInstanceOf(IllegalStateException.class);
    }

    /** Should the native code ever give one out. */
    @Test
    void a_secret_of_zeros_is_refused_whoever_computed_it() throws GeneralSecurityException {
        var broken = new Agreement(new NativeCode(PROVIDER) {
            @Override
            byte[] x25519(byte[] scalar, byte[] u) {
                return new byte[32];
            }
        });
        KeyPair pair = ours.pair();
        broken.engineInit(pair.getPrivate(), null);

        assertThatThrownBy(() -> broken.engineDoPhase(pair.getPublic(), true)).isInstanceOf(InvalidKeyException.class);
    }

    @Test
    void a_secret_is_given_once_and_for_known_purposes() throws GeneralSecurityException {
        KeyPair own = ours.pair();
        KeyAgreement agreement = KeyAgreement.getInstance("XDH", PROVIDER);
        agreement.init(own.getPrivate());
        agreement.doPhase(jdk.pair().getPublic(), true);

        assertThatThrownBy(() -> agreement.generateSecret("AES")).isInstanceOf(NoSuchAlgorithmException.class);
        assertThat(agreement.generateSecret()).hasSize(32);
        assertThatThrownBy(agreement::generateSecret).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void keys_are_encoded_as_the_jdk_does_it_and_read_again() throws Exception {
        KeyPair pair = ours.pair();
        KeyFactory here = KeyFactory.getInstance("XDH", PROVIDER);
        KeyFactory there = KeyFactory.getInstance("XDH", "SunEC");
        var point = new X509EncodedKeySpec(pair.getPublic().getEncoded());
        var scalar = new PKCS8EncodedKeySpec(pair.getPrivate().getEncoded());
        var jdksPoint = (XECPublicKey) there.generatePublic(point);
        var jdksScalar = (XECPrivateKey) there.generatePrivate(scalar);

        assertThat(here.generatePublic(point)).isEqualTo(pair.getPublic());
        assertThat(here.generatePrivate(scalar)).isEqualTo(pair.getPrivate());
        assertThat(jdksPoint.getU()).isEqualTo(((XECPublicKey) pair.getPublic()).getU());
        assertThat(jdksScalar.getScalar())
                .hasValue(((XECPrivateKey) pair.getPrivate()).getScalar().orElseThrow());
        assertThat(jdksPoint.getEncoded()).isEqualTo(pair.getPublic().getEncoded());
        assertThat(here.translateKey(jdksPoint)).isEqualTo(pair.getPublic());
        assertThat(here.translateKey(jdksScalar)).isEqualTo(pair.getPrivate());
        assertThat(here.getKeySpec(pair.getPublic(), XECPublicKeySpec.class).getU())
                .isEqualTo(jdksPoint.getU());
        assertThat(here.getKeySpec(pair.getPrivate(), XECPrivateKeySpec.class).getScalar())
                .isEqualTo(jdksScalar.getScalar().orElseThrow());
        assertThat(serialised(pair.getPublic())).isInstanceOf(XECPublicKey.class);
        assertThat(pair.getPrivate().toString())
                .doesNotContain(HexFormat.of().formatHex(jdksScalar.getScalar().orElseThrow()));
    }

    private static Object serialised(Object key) throws Exception {
        var bytes = new ByteArrayOutputStream();
        try (var out = new ObjectOutputStream(bytes)) {
            out.writeObject(key);
        }
        try (var in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            return in.readObject();
        }
    }

    @Test
    void other_lengths_other_parameters_and_other_encodings_are_refused() throws GeneralSecurityException {
        KeyFactory factory = KeyFactory.getInstance("XDH", PROVIDER);
        KeyPairGenerator generator = KeyPairGenerator.getInstance("XDH", PROVIDER);
        KeyPairGenerator x448 = KeyPairGenerator.getInstance("X448", "SunEC");
        KeyPair foreign = x448.generateKeyPair();
        byte[] longer = new byte[45];
        System.arraycopy(ours.pair().getPublic().getEncoded(), 0, longer, 0, 44);

        assertThatThrownBy(() -> factory.generatePublic(new X509EncodedKeySpec(longer)))
                .isInstanceOf(InvalidKeySpecException.class);
        assertThatThrownBy(
                        () -> factory.generatePrivate(new XECPrivateKeySpec(NamedParameterSpec.X25519, new byte[31])))
                .isInstanceOf(InvalidKeySpecException.class);
        assertThatThrownBy(() -> factory.generatePublic(new XECPublicKeySpec(NamedParameterSpec.X448, BigInteger.TEN)))
                .isInstanceOf(InvalidKeySpecException.class);
        assertThatThrownBy(() -> generator.initialize(NamedParameterSpec.X448))
                .isInstanceOf(InvalidAlgorithmParameterException.class);
        assertThatThrownBy(() -> ours.agree(ours.pair().getPrivate(), foreign.getPublic()))
                .isInstanceOf(InvalidKeyException.class);
        assertThatThrownBy(() -> ours.agree(foreign.getPrivate(), ours.pair().getPublic()))
                .isInstanceOf(InvalidKeyException.class);
    }

    @Test
    void without_conscrypt_it_offers_nothing_and_says_why() {
        var without = new ConscryptX25519(NativeCode.load("org.conscrypt.Absent"));

        assertThat(without.getServices()).isEmpty();
        assertThat(without.getInfo()).contains("left to the JDK", "org.conscrypt.Absent");
    }

    @Test
    void native_code_that_computes_wrongly_is_not_offered() {
        var wrong = new NativeCode(PROVIDER) {
            @Override
            byte[] x25519(byte[] scalar, byte[] u) {
                return u;
            }
        };
        var refused = new ConscryptX25519(new NativeCode.Attempt("2.9.0", Optional.of(wrong), Optional.empty()));

        assertThat(refused.getServices()).isEmpty();
        assertThat(refused.getService("KeyAgreement", "XDH")).isNull();
        assertThat(refused.getInfo()).contains("left to the JDK", "wrong results");
    }
}
