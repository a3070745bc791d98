package io.gatehouse.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gatehouse.x509.Pkcs10Request;
import io.gatehouse.x509.est.EstCodec;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class EnrollBenchTest {
    @Test
    void an_unknown_option_is_a_mistake_in_usage() {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int exit = new EnrollBench().run(List.of("--fast"), System.out, new PrintStream(err));
        assertThat(exit).isEqualTo(2);
        assertThat(err.toString()).contains("Usage");
    }

    @Test
    void a_request_is_a_whole_one_that_the_service_would_take() throws Exception {
        Applicant applicant = Applicant.named("d-1");
        String text = new String(applicant.simpleEnroll(true), StandardCharsets.US_ASCII);
        assertThat(text)
                .startsWith("POST /.well-known/est/simpleenroll HTTP/1.1\r\n")
                .contains("Authorization: Basic ")
                .doesNotContain("Connection: close");
        assertThat(new String(applicant.simpleReenroll(), StandardCharsets.US_ASCII))
                .contains("simplereenroll", "Connection: close")
                .doesNotContain("Authorization");
        String body = text.substring(text.indexOf("\r\n\r\n") + 4);
        Pkcs10Request request =
                EstCodec.request(body.getBytes(StandardCharsets.US_ASCII)).orThrow();
        assertThat(request.verifySignature()).isEmpty();
        assertThat(request.subject().isOnlyCommonName("d-1")).isTrue();
    }

    @Test
    void a_client_that_fails_fails_the_benchmark() {
        assertThatThrownBy(() -> Load.parallel(2, part -> {
                    if (part == 1) {
                        throw new java.io.IOException("gone");
                    }
                    return part;
                }))
                .isInstanceOf(BenchFailed.class)
                .hasMessageContaining("gone");
        assertThat(Load.parallel(3, part -> part)).containsExactly(0, 1, 2);
    }

    @Test
    void a_row_says_what_the_contract_names() throws Exception {
        Report report = new Report("enroll", "a provider");
        new Load.Figures(4, 600, 1_100, Millis.of(1, 2, 3, 9)).into(report.row("new-tls13-basic"));
        JsonNode row = new ObjectMapper().readTree(report.json()).path("rows").path(0);
        assertThat(row.path("case").asText()).isEqualTo("new-tls13-basic");
        assertThat(row.path("n").asInt()).isEqualTo(4);
        assertThat(row.path("perSecond").asDouble()).isEqualTo(600);
        assertThat(row.path("serverCpuMicros").asDouble()).isEqualTo(1_100);
        assertThat(row.path("p50Millis").asDouble()).isEqualTo(2);
        assertThat(row.path("p99Millis").asDouble()).isEqualTo(9);
    }
}
