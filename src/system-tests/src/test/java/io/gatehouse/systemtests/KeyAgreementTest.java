package io.gatehouse.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.gatehouse.testkit.Await;
import io.gatehouse.testkit.ProcessRun;
import io.gatehouse.testkit.Tools;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** By which groups clients of TLS 1.3 agree on keys with service and broker, and whose code it is. */
@ExtendWith(SharedGatehouse.class)
class KeyAgreementTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    @Test
    void openssl_agrees_by_the_group_that_it_asks_for(Gatehouse gatehouse) {
        Tools.require("openssl");
        for (int port : List.of(gatehouse.enrollPort(), gatehouse.mqttPort())) {
            assertThat(agreed(port, "X25519")).contains("Temp Key: X25519, 253 bits", "New, TLSv1.3");
            assertThat(agreed(port, "X448")).contains("Temp Key: X448, 448 bits", "New, TLSv1.3");
            assertThat(agreed(port, "P-256")).contains("Temp Key: ECDH, prime256v1, 256 bits", "New, TLSv1.3");
        }
    }

    @Test
    void the_status_names_the_native_provider_of_x25519_in_service_and_broker(Gatehouse gatehouse) {
        assumeTrue(
                System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("linux")
                        && List.of("amd64", "aarch64").contains(System.getProperty("os.arch")),
                "no native library for this machine");

        assertThat(status(gatehouse).path("x25519").asText()).startsWith("ConscryptX25519 2.");
        Await.until(
                "the broker's report names it",
                SOON,
                () -> status(gatehouse)
                        .path("brokers")
                        .path(0)
                        .path("provider")
                        .asText()
                        .endsWith(", X25519 ConscryptX25519"));
        assertThat(status(gatehouse).path("brokers").path(0).toString())
                .as("nothing of slow cryptography")
                .doesNotContain("many times slower");
    }

    private static JsonNode status(Gatehouse gatehouse) {
        return gatehouse.rest().get("/api/v1/status").expect(200).json();
    }

    private static String agreed(int port, String group) {
        return ProcessRun.of("openssl", "s_client", "-connect", "127.0.0.1:" + port)
                .with("-tls1_3", "-groups", group)
                .stdin("")
                .run()
                .both();
    }
}
