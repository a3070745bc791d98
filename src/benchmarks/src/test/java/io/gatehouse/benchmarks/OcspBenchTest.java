package io.gatehouse.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.x509.der.DerTag;
import io.gatehouse.x509.der.DerWriter;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class OcspBenchTest {
    @Test
    void an_answer_that_is_not_signed_is_no_success() {
        byte[] tryLater = DerWriter.sequence(DerWriter.element(DerTag.ENUMERATED, new byte[] {3}));
        byte[] empty = DerWriter.sequence(DerWriter.element(DerTag.ENUMERATED, new byte[] {0}));
        byte[] signed = DerWriter.sequence(
                DerWriter.element(DerTag.ENUMERATED, new byte[] {0}), DerWriter.constructed(0, DerWriter.sequence()));

        assertThat(OcspAsker.successful(tryLater)).isFalse();
        assertThat(OcspAsker.successful(empty)).isFalse();
        assertThat(OcspAsker.successful(new byte[] {1, 2, 3})).isFalse();
        assertThat(OcspAsker.successful(signed)).isTrue();
    }

    @Test
    void a_get_has_its_request_escaped_in_the_path() {
        String http = new String(OcspAsker.get(new byte[] {-1, -17, -2, 0}), StandardCharsets.US_ASCII);

        assertThat(http).startsWith("GET /pki/ocsp/%2F%2B%2F%2BAA%3D%3D HTTP").endsWith("\r\n\r\n");
    }

    @Test
    void an_unknown_option_is_a_mistake_in_usage() {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int exit = new OcspBench().run(List.of("--fast"), System.out, new PrintStream(err));

        assertThat(exit).isEqualTo(2);
        assertThat(err.toString()).contains("Usage");
    }
}
