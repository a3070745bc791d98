package io.gatehouse.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the verbs of claims and of those who wait ask the service, and what they print. */
class ClaimVerbsTest {
    @TempDir
    Path directory;

    private FakeService service;
    private Map<String, String> environment;

    @BeforeEach
    void start() throws IOException {
        service = FakeService.start();
        environment = service.environment(directory);
    }

    @AfterEach
    void stop() {
        service.close();
    }

    private Ended run(String... words) {
        return Ended.of(environment, "", words);
    }

    @Test
    void a_claim_of_a_fleet_says_all_that_it_is_bound_to() {
        service.on("POST /api/v1/claims", 201, "{\"id\":\"c1\",\"secret\":\"s3cr3t\",\"command\":\"enroll\"}");
        Ended ended =
                run(("claim create --fleet f --uses 20 --ttl P7D --allow p-* --allow q-? --approval --public-key 0a"
                                + " --secret-sha256 0b")
                        .split(" "));

        assertThat(ended.out()).contains("claim c1 for 20 new devices of f").contains("s3cr3t");
        assertThat(service.asked().get(0).body())
                .isEqualTo("{\"fleet\":\"f\",\"uses\":20,\"ttl\":\"P7D\",\"allowedIds\":[\"p-*\",\"q-?\"],"
                        + "\"approval\":true,\"publicKey\":\"0a\",\"secretSha256\":\"0b\"}");
    }

    @Test
    void no_secret_is_spoken_of_when_the_device_made_it() {
        service.on("POST /api/v1/claims", 201, "{\"id\":\"c1\",\"command\":\"enroll\"}");

        assertThat(run("claim", "create", "--fleet", "f", "--device", "d", "--secret-sha256", "0b")
                        .out())
                .contains("claim c1 for d")
                .doesNotContain("its secret");
    }

    @Test
    void a_secret_that_goes_to_a_file_is_not_in_the_json_either() {
        service.on("POST /api/v1/claims", 201, "{\"id\":\"c1\",\"secret\":\"s3cr3t\",\"command\":\"enroll\"}\n");
        Path file = directory.resolve("secret");
        Ended written = run(("claim create --fleet f --json --out " + file).split(" "));

        assertThat(written).isEqualTo(new Ended(0, "{\"id\":\"c1\",\"command\":\"enroll\"}\n", ""));
        assertThat(file).hasContent("s3cr3t");
        assertThat(run("claim create --fleet f --json".split(" ")).out()).contains("\"secret\":\"s3cr3t\"");
    }

    @Test
    void who_waits_is_listed_approved_and_rejected() {
        service.on("GET /api/v1/pending", 200, "{\"items\":[{\"id\":\"p-1\",\"fleet\":\"f\"}],\"next\":null}");
        service.on("POST /api/v1/pending/p-1/approve", 200, "{\"id\":\"p-1\",\"publicKey\":\"0a\"}");
        service.on("POST /api/v1/pending/p-2/reject", 200, "{\"id\":\"p-2\",\"publicKey\":\"0b\"}");

        assertThat(run("pending", "list").out()).contains("p-1  f");
        assertThat(run("pending", "approve", "p-1").out()).isEqualTo("device p-1 is approved, key 0a\n");
        assertThat(run("pending", "reject", "p-2").out()).isEqualTo("device p-2 is rejected, key 0b\n");
        assertThat(run("pending", "approve", "p-3").exit()).isEqualTo(Exit.FAILED);
    }
}
