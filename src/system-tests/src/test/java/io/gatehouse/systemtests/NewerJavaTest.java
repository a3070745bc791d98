package io.gatehouse.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testkit.HeldCertificate;
import io.gatehouse.testkit.Tools;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Everything is compiled for Java 17 and runs on the newer one, too. */
class NewerJavaTest {
    @Test
    void up_serves_a_device_on_jdk_25() throws IOException {
        Path jdk = Tools.requireJdk(25);
        try (Gatehouse gatehouse = Gatehouse.up(Map.of("JAVA_HOME", jdk.toString()))) {
            assertThat(java(gatehouse, "service")).startsWith(jdk.toRealPath());
            assertThat(java(gatehouse, "broker")).startsWith(jdk.toRealPath());
            assertThat(gatehouse
                            .rest()
                            .get("/api/v1/status")
                            .expect(200)
                            .json()
                            .path("x25519")
                            .asText())
                    .startsWith("ConscryptX25519 ");
            gatehouse.fleet("f");
            HeldCertificate certificate = gatehouse.enroll("f", "d-1");
            try (MqttPeer device = gatehouse.mqtt("d-1").with(certificate).connect()) {
                assertThat(device.publish("devices/d-1/telemetry/t", "x")).isEmpty();
                gatehouse.rest().post("/api/v1/devices/d-1/revoke").expect(200);
                assertThat(device.awaitEnd().word()).isEqualTo("revoked");
            }
        }
    }

    private static Path java(Gatehouse gatehouse, String part) throws IOException {
        return Path.of(ProcessHandle.of(gatehouse.pidOf(part))
                        .orElseThrow()
                        .info()
                        .command()
                        .orElseThrow())
                .toRealPath();
    }
}
