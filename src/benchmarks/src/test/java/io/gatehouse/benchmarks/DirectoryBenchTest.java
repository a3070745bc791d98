package io.gatehouse.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

class DirectoryBenchTest {
    /** 35 bytes is the least that an entry with a serial of 16 bytes takes. */
    @Test
    void a_row_tells_of_a_list_with_that_many_entries() throws Exception {
        Report report = new Report("directory", "a provider");
        DirectoryBench.crl(report, 100);
        JsonNode row = new ObjectMapper().readTree(report.json()).path("rows").path(0);

        assertThat(row.path("case").asText()).isEqualTo("crl-100");
        assertThat(row.path("n").asInt()).isEqualTo(8);
        assertThat(row.path("megabytes").asDouble()).isBetween(100 * 35 / 1e6, 100 * 60 / 1e6);
        assertThat(row.path("slowestWriteSeconds").asDouble())
                .isGreaterThanOrEqualTo(row.path("writeSeconds").asDouble());
    }
}
