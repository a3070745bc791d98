package io.gatehouse.x509.est;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.identity.RefusalReason;
import io.gatehouse.testkit.Keys;
import io.gatehouse.testkit.ProcessRun;
import io.gatehouse.testkit.TestAuthority;
import io.gatehouse.testkit.Tools;
import io.gatehouse.x509.Pem;
import io.gatehouse.x509.Pkcs10Request;
import io.gatehouse.x509.der.MalformedException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EstCodecTest {
    private static final TestAuthority ROOT = TestAuthority.root();
    private static final List<X509Certificate> CERTIFICATES =
            List.of(ROOT.devicesCa().certificate(), ROOT.certificate());

    @TempDir
    Path directory;

    @Test
    void certificates_keep_their_order() throws MalformedException {
        assertThat(EstCodec.parseCertsOnly(EstCodec.certsOnly(CERTIFICATES))).isEqualTo(CERTIFICATES);
    }

    @Test
    void openssl_reads_what_it_wrote_in_the_same_order() throws Exception {
        Tools.require("openssl");
        Files.write(directory.resolve("a.p7"), EstCodec.certsOnly(CERTIFICATES));
        var out = ProcessRun.of("openssl", "pkcs7", "-inform", "DER", "-in", "a.p7", "-print_certs")
                .in(directory)
                .run()
                .ok()
                .out();
        var blocks = out.substring(0, out.lastIndexOf("-----END")) + "-----END CERTIFICATE-----\n";
        assertThat(Pem.certificates(blocks)).isEqualTo(CERTIFICATES);
    }

    @Test
    void reads_what_openssl_wrote() throws Exception {
        Tools.require("openssl");
        Files.writeString(directory.resolve("a.pem"), Pem.write(CERTIFICATES));
        var der = ProcessRun.of("openssl", "crl2pkcs7", "-nocrl", "-certfile", "a.pem", "-outform", "DER")
                .in(directory)
                .run()
                .ok()
                .outBytes();
        assertThat(EstCodec.parseCertsOnly(der)).containsExactlyInAnyOrderElementsOf(CERTIFICATES);
    }

    @Test
    void refuses_certificates_cut_off_at_any_byte() {
        var der = EstCodec.certsOnly(CERTIFICATES);
        for (var length = 0; length < der.length; length++) {
            var cut = Arrays.copyOf(der, length);
            assertThatThrownBy(() -> EstCodec.parseCertsOnly(cut)).isInstanceOf(MalformedException.class);
        }
    }

    @Test
    void refuses_a_list_without_a_certificate() {
        assertThatThrownBy(() -> EstCodec.parseCertsOnly(EstCodec.certsOnly(List.of())))
                .isInstanceOf(MalformedException.class);
    }

    @Test
    void encodes_in_one_line_or_in_lines_of_64() throws MalformedException {
        var bytes = new byte[200];
        assertThat(text(EstCodec.encodeOneLine(bytes))).doesNotContain("\n").hasSize(268);
        var wrapped = text(EstCodec.encodeWrapped(bytes));
        assertThat(wrapped.lines()).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(64));
        assertThat(wrapped).endsWith("\n").doesNotContain("\n\n");
        assertThat(EstCodec.decode(EstCodec.encodeWrapped(bytes), 200)).isEqualTo(bytes);
        assertThat(EstCodec.decode(EstCodec.encodeOneLine(bytes), 200)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"aGVsbG8=", "aGVs\r\nbG8=\r\n", " a G V\ts bG8 =", "\naGVsbG8="})
    void skips_white_space(String body) throws MalformedException {
        assertThat(EstCodec.decode(body.getBytes(StandardCharsets.US_ASCII), 100))
                .asString()
                .isEqualTo("hello");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\r\n", "aGVsbG8", "aGVsbG8==", "aGV-bG8=", "aGVsbG8=aGVs", "aGVsbG8=\0", "===="})
    void refuses_what_is_not_base64(String body) {
        var bytes = body.getBytes(StandardCharsets.US_ASCII);
        assertThatThrownBy(() -> EstCodec.decode(bytes, 100)).isInstanceOf(MalformedException.class);
    }

    @Test
    void refuses_a_body_above_the_bound() {
        assertThatThrownBy(() -> EstCodec.decode(EstCodec.encodeOneLine(new byte[104]), 100))
                .isInstanceOf(MalformedException.class);
        var refusal =
                EstCodec.request(new byte[EstCodec.LARGEST_REQUEST_BODY + 1]).refusal();
        assertThat(refusal.orElseThrow().reason()).isEqualTo(RefusalReason.TOO_LARGE);
    }

    @Test
    void reads_a_request_from_its_body() {
        var der = Pkcs10Request.create(Keys.p256(), "d-1");
        assertThat(EstCodec.request(EstCodec.encodeWrapped(der)).orThrow().der())
                .isEqualTo(der);
    }

    @Test
    void the_largest_request_fits_its_body_with_line_ends() {
        var lines = (Pkcs10Request.LARGEST + 2) / 3 * 4;
        assertThat(lines + lines / 64 * 2 + 2).isLessThanOrEqualTo(EstCodec.LARGEST_REQUEST_BODY);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.US_ASCII);
    }
}
