package io.gatehouse.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import org.junit.jupiter.api.Test;

class RevokeBenchTest {
    @Test
    void a_percentile_is_the_nearest_rank() {
        Millis millis = Millis.of(5, 1, 4, 2, 3);
        assertThat(millis.percentile(50)).isEqualTo(3);
        assertThat(millis.percentile(99)).isEqualTo(5);
        assertThat(Millis.of(7).percentile(50)).isEqualTo(7);
    }

    @Test
    void an_answer_that_agrees_with_the_device_passes() {
        assertThatCode(() -> revocation(4, 6, 3, 1).check()).doesNotThrowAnyException();
    }

    @Test
    void an_answer_that_does_not_agree_fails_the_benchmark() {
        assertThatThrownBy(() -> revocation(4, 6, 9, 1).check()).isInstanceOf(BenchFailed.class);
        assertThatThrownBy(() -> revocation(400, 6, 3, 1).check()).isInstanceOf(BenchFailed.class);
        assertThatThrownBy(() -> revocation(4, 6, 3, 0).check()).isInstanceOf(BenchFailed.class);
    }

    @Test
    void the_report_is_one_line_of_json_with_units_in_the_names() throws Exception {
        Report report = new Report("revoke", "a provider");
        report.row("one-of-1000").count("n", 3).figure("p50Millis", 1.2345);
        JsonNode json = new ObjectMapper().readTree(report.json());
        assertThat(json.path("bench").asText()).isEqualTo("revoke");
        assertThat(json.path("cores").asInt()).isPositive();
        assertThat(json.path("rows").path(0).path("case").asText()).isEqualTo("one-of-1000");
        assertThat(json.path("rows").path(0).path("p50Millis").asDouble()).isEqualTo(1.23);
    }

    @Test
    void an_unknown_option_is_a_mistake_in_usage() {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int exit = new RevokeBench().run(List.of("--fast"), System.out, new PrintStream(err));
        assertThat(exit).isEqualTo(2);
        assertThat(err.toString()).contains("Usage");
    }

    private static RevokeBench.Revocation revocation(double closed, double answered, double said, int sessions) {
        return new RevokeBench.Revocation("d-1", closed, answered, said, 200, sessions);
    }
}
