package io.gatehouse.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnBrokerTest {
    @TempDir
    Path directory;

    @Test
    void status_repeats_what_a_broker_wrote_that_the_service_does_not_hear() throws IOException {
        try (var service = FakeService.start()) {
            var home = directory.resolve("mine");
            var data = Files.createDirectories(home.resolve("broker/data/gatehouse"));
            Files.writeString(
                    data.resolve("status.json"),
                    "{\"ready\":false,\"why\":\"<service> is missing\",\"broker\":\"b1\"}");
            var environment = new HashMap<>(service.environment(directory));
            environment.put("GATEHOUSE_HOME", home.toString());
            service.on(
                    "GET /api/v1/status",
                    200,
                    "{\"healthy\":false,\"brokers\":[{\"name\":\"b1\",\"connected\":false}]}");
            assertThat(Ended.of(environment, "", "status").out()).contains("status.json: <service> is missing");
            service.on(
                    "GET /api/v1/status",
                    200,
                    "{\"healthy\":false,\"brokers\":[{\"name\":\"b1\",\"connected\":true}]}");
            assertThat(Ended.of(environment, "", "status").out()).doesNotContain("is missing");
        }
    }
}
