package io.gatehouse.x509;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.identity.RefusalReason;
import io.gatehouse.testkit.Keys;
import io.gatehouse.testkit.ProcessRun;
import io.gatehouse.testkit.Tools;
import io.gatehouse.x509.der.DerWriter;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Pkcs10RequestTest {
    private static final KeyPair KEYS = Keys.p256();
    private static final byte[] GOOD = Pkcs10Request.create(KEYS, "d-1");

    @TempDir
    Path directory;

    @Test
    void reads_back_what_it_made() {
        var request = Pkcs10Request.parse(Pkcs10Request.create(
                        KEYS, "d-1", List.of("localhost"), List.of("spiffe://gatehouse.internal/device/d-1")))
                .orThrow();
        assertThat(request.verifySignature()).isEmpty();
        assertThat(request.subject().isOnlyCommonName("d-1")).isTrue();
        assertThat(request.extensions().dnsNames()).containsExactly("localhost");
        assertThat(request.extensions().uris()).containsExactly("spiffe://gatehouse.internal/device/d-1");
        assertThat(request.extensions().namesAnything()).isTrue();
        assertThat(request.key().kind()).isEqualTo(PublicKeys.Kind.P256);
        assertThat(request.key().publicKey()).isEqualTo(KEYS.getPublic());
    }

    @Test
    void openssl_verifies_what_it_made() throws Exception {
        Tools.require("openssl");
        var file = directory.resolve("a.csr");
        for (var keys : List.of(KEYS, Keys.rsa(2048), Keys.ed25519())) {
            Files.write(
                    file, Pkcs10Request.create(keys, "d-1", List.of("localhost"), List.of("spiffe://x/device/d-1")));
            var run = openssl("req -inform DER -in a.csr -verify -noout -text -nameopt RFC2253");
            assertThat(run.both())
                    .contains("verify OK", "Subject: CN=d-1", "DNS:localhost", "URI:spiffe://x/device/d-1");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "ec -pkeyopt ec_paramgen_curve:P-256, P256, 256",
        "ec -pkeyopt ec_paramgen_curve:P-384, P384, 384",
        "ec -pkeyopt ec_paramgen_curve:P-521, P521, 521",
        "rsa:2048, RSA, 2048",
        "rsa:3072, RSA, 3072",
        "ed25519, ED25519, 255"
    })
    void reads_what_openssl_made(String key, PublicKeys.Kind kind, int bits) {
        var request = opensslRequest("-newkey " + key + " -subj /O=Acme/CN=d-1 -addext extendedKeyUsage=clientAuth"
                        + " -addext subjectAltName=URI:spiffe://x/device/d-1,DNS:d-1.example,IP:192.0.2.1,email:a@b")
                .orThrow();
        assertThat(request.verifySignature()).isEmpty();
        assertThat(request.subject().commonName()).contains("d-1");
        assertThat(request.subject().isOnlyCommonName("d-1")).isFalse();
        assertThat(request.key().kind()).isEqualTo(kind);
        assertThat(request.key().bits()).isEqualTo(bits);
        assertThat(request.extensions().extendedKeyUsages()).containsExactly(RequestedExtensions.CLIENT_AUTH);
        assertThat(request.extensions().dnsNames()).containsExactly("d-1.example");
        assertThat(request.extensions().emails()).containsExactly("a@b");
        assertThat(request.extensions().addresses()).hasSize(1);
        assertThat(request.extensions().wantsCa()).isFalse();
    }

    @Test
    void sees_that_a_request_wants_to_be_a_ca() {
        assertThat(opensslRequest("-newkey ed25519 -subj /CN=d -addext basicConstraints=critical,CA:TRUE")
                        .orThrow()
                        .extensions()
                        .wantsCa())
                .isTrue();
        assertThat(opensslRequest("-newkey ed25519 -subj /CN=d -addext keyUsage=keyCertSign")
                        .orThrow()
                        .extensions()
                        .wantsCa())
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "-newkey rsa:1024 -subj /CN=d, WEAK_KEY",
        "-newkey rsa:512 -subj /CN=d, WEAK_KEY",
        "-newkey rsa:2048 -pkeyopt rsa_keygen_pubexp:3 -subj /CN=d, WEAK_KEY",
        "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -pkeyopt ec_param_enc:explicit -subj /CN=d, WEAK_KEY",
        "-newkey ec -pkeyopt ec_paramgen_curve:secp256k1 -subj /CN=d, WEAK_KEY",
        "-newkey ec -pkeyopt ec_paramgen_curve:P-224 -subj /CN=d, WEAK_KEY",
        "-newkey ed448 -subj /CN=d, WEAK_KEY",
        "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -sha1 -subj /CN=d, BAD_SIGNATURE",
        "-newkey rsa:2048 -md5 -subj /CN=d, BAD_SIGNATURE",
        "-newkey ed25519 -subj /CN=a/CN=b, NAME_MISMATCH"
    })
    void refuses_what_openssl_would_have_signed(String arguments, RefusalReason reason) {
        assertThat(opensslRequest(arguments).refusal().orElseThrow().reason()).isEqualTo(reason);
    }

    @Test
    void refuses_a_request_cut_off_at_any_byte() {
        for (var length = 0; length < GOOD.length; length++) {
            assertThat(reason(Arrays.copyOf(GOOD, length))).isEqualTo(RefusalReason.BAD_REQUEST);
        }
    }

    @Test
    void refuses_trailing_bytes() {
        assertThat(reason(Arrays.copyOf(GOOD, GOOD.length + 1))).isEqualTo(RefusalReason.BAD_REQUEST);
    }

    @Test
    void a_request_with_any_byte_changed_is_refused_or_does_not_verify() {
        for (var at = 0; at < GOOD.length; at++) {
            var changed = GOOD.clone();
            changed[at] ^= 0x01;
            var parsed = Pkcs10Request.parse(changed);
            parsed.accepted()
                    .ifPresent(request -> assertThat(request.verifySignature()).contains(RefusalReason.BAD_SIGNATURE));
        }
    }

    @Test
    void garbage_is_refused_without_an_exception() {
        var random = new Random(7);
        for (var i = 0; i < 2_000; i++) {
            var garbage = new byte[random.nextInt(400)];
            random.nextBytes(garbage);
            assertThat(Pkcs10Request.parse(garbage).accepted()).isEmpty();
            var mutated = GOOD.clone();
            for (var n = random.nextInt(8) + 1; n > 0; n--) {
                mutated[random.nextInt(mutated.length)] = (byte) random.nextInt();
            }
            Pkcs10Request.parse(mutated).accepted().ifPresent(Pkcs10Request::verifySignature);
        }
    }

    @Test
    void refuses_a_huge_request() {
        assertThat(reason(new byte[Pkcs10Request.LARGEST + 1])).isEqualTo(RefusalReason.TOO_LARGE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"d\0x", "d\nx", "d\u007f", "d\u0085"})
    void refuses_controls_in_a_name(String name) {
        assertThat(reason(Pkcs10Request.create(KEYS, name))).isEqualTo(RefusalReason.BAD_REQUEST);
    }

    @Test
    void refuses_a_nul_in_an_alternative_name() {
        var request = Pkcs10Request.create(KEYS, "d", List.of("d\0.example"), List.of());
        assertThat(reason(request)).isEqualTo(RefusalReason.BAD_REQUEST);
    }

    @Test
    void refuses_a_point_that_is_not_on_its_curve() {
        var spki = KEYS.getPublic().getEncoded();
        spki[spki.length - 1] ^= 1;
        assertThat(PublicKeys.read(spki).refusal().orElseThrow().reason()).isEqualTo(RefusalReason.WEAK_KEY);
    }

    @Test
    void refuses_an_even_modulus_and_a_negative_one() {
        var even = BigInteger.ONE.shiftLeft(2047);
        for (var modulus : List.of(even, even.add(BigInteger.ONE).negate())) {
            var key = DerWriter.sequence(DerWriter.integer(modulus), DerWriter.integer(65537));
            var spki = DerWriter.sequence(
                    DerWriter.sequence(DerWriter.oid(PublicKeys.RSA), DerWriter.nullValue()), DerWriter.bitString(key));
            assertThat(PublicKeys.read(spki).refusal().orElseThrow().reason()).isEqualTo(RefusalReason.WEAK_KEY);
        }
    }

    @Test
    void a_request_signed_by_another_key_does_not_verify() {
        var mixed =
                Pkcs10Request.create(new KeyPair(KEYS.getPublic(), Keys.p256().getPrivate()), "d-1");
        assertThat(Pkcs10Request.parse(mixed).orThrow().verifySignature()).contains(RefusalReason.BAD_SIGNATURE);
    }

    private Parsed<Pkcs10Request> opensslRequest(String arguments) {
        Tools.require("openssl");
        openssl("req -new -nodes -keyout a.key -outform DER -out a.der " + arguments);
        try {
            return Pkcs10Request.parse(Files.readAllBytes(directory.resolve("a.der")));
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private ProcessRun.Result openssl(String arguments) {
        return ProcessRun.of("openssl")
                .with(arguments.split(" "))
                .in(directory)
                .run()
                .ok();
    }

    private static RefusalReason reason(byte[] request) {
        return Pkcs10Request.parse(request).refusal().orElseThrow().reason();
    }
}
