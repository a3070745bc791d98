package io.gatehouse.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.gatehouse.testkit.Await;
import io.gatehouse.testkit.ProcessRun;
import io.gatehouse.testkit.RunningProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The staged agent with the real service and broker: what an administrator orders reaches a device that nobody visits. */
@ExtendWith(SharedGatehouse.class)
class ReissueTest {
    private static final Duration SOON = Duration.ofSeconds(60);

    private final String fleet = SharedGatehouse.fresh("reissued");
    private final String id = SharedGatehouse.fresh("agent");

    @TempDir
    Path directory;

    @BeforeEach
    void make_the_fleet_and_enroll(Gatehouse gatehouse) {
        gatehouse.fleet(fleet);
        agent("enroll", "--url", gatehouse.enrollUrl(), "--device", id, "--claim-file", "-")
                .with("--ca", gatehouse.trustFile().toString())
                .stdin(gatehouse.claim(fleet, id) + "\n")
                .run()
                .ok();
    }

    @Test
    void an_order_to_renew_is_followed_by_an_agent_that_is_connected(Gatehouse gatehouse) {
        try (RunningProcess running = agent("run")
                .env("GATEHOUSE_AGENT_ASK_EVERY", "PT5S")
                .env("GATEHOUSE_AGENT_SESSION_EXPIRY", "PT1H")
                .start()) {
            running.awaitOutput("connected to mqtts://.* as " + id, SOON);
            String before = certificate(gatehouse);
            gatehouse.cli("fleet", "reissue", fleet, "--within", "10s").ok();
            assertThat(reissue(gatehouse).path("total").asInt()).isEqualTo(1);

            running.awaitOutput("renewed: certificate valid until[\\s\\S]*connected to", SOON);
            assertThat(reissue(gatehouse).path("left").asInt()).isZero();
            assertThat(certificate(gatehouse)).isNotEqualTo(before);
            Await.until("one session, made with the new certificate", SOON, () -> {
                JsonNode sessions = device(gatehouse).path("sessions");
                return sessions.size() == 1
                        && sessions.path(0).path("certificate").asText().equals(certificate(gatehouse));
            });
            running.terminate();
            running.awaitExit(SOON);
        }
    }

    @Test
    void a_reinstated_device_comes_back_by_itself_with_the_key_that_it_has(Gatehouse gatehouse) {
        gatehouse.cli("device", "revoke", id).ok();
        assertThat(agent("run", "--once").run().exit()).isEqualTo(5);
        gatehouse.cli("device", "reinstate", id).ok();

        try (RunningProcess running = agent("run").start()) {
            running.awaitOutput("renewed: certificate valid until[\\s\\S]*connected to", SOON);
            running.terminate();
            running.awaitExit(SOON);
        }
        JsonNode device = device(gatehouse);
        assertThat(device.path("state").asText()).isEqualTo("active");
        assertThat(device.path("certificates").findValuesAsText("state")).containsExactly("valid", "revoked");
        assertThat(device.path("certificates").findValuesAsText("publicKey").stream()
                        .distinct())
                .hasSize(1);
    }

    private JsonNode reissue(Gatehouse gatehouse) {
        return gatehouse
                .rest()
                .get("/api/v1/fleets/" + fleet)
                .expect(200)
                .json()
                .path("reissue");
    }

    private JsonNode device(Gatehouse gatehouse) {
        return gatehouse.rest().get("/api/v1/devices/" + id).expect(200).json();
    }

    /** The newest. */
    private String certificate(Gatehouse gatehouse) {
        return device(gatehouse).path("certificates").path(0).path("sha256").asText();
    }

    private ProcessRun agent(String... words) {
        return Gatehouse.command(Stream.of(
                        List.of("agent"),
                        List.of(words),
                        List.of("--state", directory.resolve("state").toString()))
                .flatMap(List::stream)
                .toArray(String[]::new));
    }
}
