package io.gatehouse.enrollment.edges;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.Test;

class CaApiTest {
    private static final RunningService SERVICE = RunningService.get();
    private static final String JSON = "application/json";

    @Test
    void names_every_authority_with_its_crl_and_the_devices_ca_with_its_state() {
        var shown = SERVICE.expect(200, "GET", "/api/v1/ca", null);

        assertThat(shown.path("authorities").findValuesAsText("name"))
                .containsExactly("devices-root", "devices", "services-root", "services");
        JsonNode devices = shown.path("authorities").path(1);
        assertThat(devices.path("state").asText()).isEqualTo("issuing");
        assertThat(devices.path("live").isIntegralNumber()).isTrue();
        assertThat(devices.path("crl").path("url").asText()).endsWith("/pki/crl/devices.crl");
        assertThat(shown.path("authorities").path(0).has("state")).isFalse();
        assertThat(shown.path("waiting").isNull()).isTrue();
    }

    @Test
    void no_step_is_taken_that_is_not_due() {
        for (var request : List.of(
                List.of("/api/v1/ca/take-over", "{}", "409"),
                List.of("/api/v1/ca/take-over", "{\"without\":[\"no broker!\"]}", "400"),
                List.of("/api/v1/ca/take-over", "{\"without\":[null]}", "400"),
                List.of("/api/v1/ca/take-over", "{\"force\":true}", "400"),
                List.of("/api/v1/ca/devices/retire", "{\"evenWithLive\":true}", "409"),
                List.of("/api/v1/ca/devices-2/retire", "{}", "404"),
                List.of("/api/v1/ca/services/retire", "{\"evenWithLive\":true}", "404"),
                List.of("/api/v1/ca/devices/retire", "{\"evenWithLive\":\"yes\"}", "400"))) {
            var reply = SERVICE.rest("POST", request.get(0), request.get(1), JSON);
            assertThat(reply.statusCode()).as(request + reply.body()).isEqualTo(Integer.parseInt(request.get(2)));
        }
        assertThat(SERVICE.expect(200, "GET", "/api/v1/ca", null)
                        .path("authorities")
                        .path(1)
                        .path("state")
                        .asText())
                .isEqualTo("issuing");
    }
}
