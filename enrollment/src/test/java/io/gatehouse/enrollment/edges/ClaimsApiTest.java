package io.gatehouse.enrollment.edges;

import static io.gatehouse.enrollment.edges.RunningService.basic;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.gatehouse.testkit.TestDevice;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Claims of a fleet and requests that wait, as REST shows them. */
class ClaimsApiTest {
    private static final RunningService SERVICE = RunningService.get();
    private static final String JSON = "application/json";

    private final String fleet = SERVICE.newFleet();

    private JsonNode claim(Map<String, ?> more) {
        var body = new HashMap<String, Object>(more);
        body.put("fleet", fleet);
        return SERVICE.expect(201, "POST", "/api/v1/claims", body);
    }

    @Test
    void a_fleets_claim_shows_what_it_is_bound_to_and_how_often_it_was_used() {
        var made = claim(Map.of("uses", 2, "allowedIds", List.of("d-*"), "ttl", "P2D"));
        assertThat(made.path("device").isNull()).isTrue();
        assertThat(made.path("allowedIds").path(0).asText()).isEqualTo("d-*");
        assertThat(made.path("command").asText()).contains("--device \"$DEVICE\"");
        var device = TestDevice.named(SERVICE.newDeviceName());
        var credentials = basic(device.id(), made.path("secret").asText());
        var label = fleet + "/simpleenroll";
        for (int i = 0; i < 2; i++) {
            assertThat(SERVICE.est(SERVICE.trusting(), label, credentials, device.requestBase64())
                            .status())
                    .isEqualTo(200);
        }
        var listed = SERVICE.expect(200, "GET", "/api/v1/claims?fleet=" + fleet, null)
                .path("items")
                .path(0);
        assertThat(listed.path("used").asInt()).isEqualTo(1);
        assertThat(listed.path("uses").asInt()).isEqualTo(2);
        assertThat(listed.path("state").asText()).isEqualTo("open");
        assertThat(listed.path("certificate").isNull()).isTrue();
        assertThat(listed.has("secret")).isFalse();
    }

    @Test
    void a_request_that_waits_is_shown_with_its_key_and_settled_once() {
        var secret = claim(Map.of("approval", true)).path("secret").asText();
        var device = TestDevice.named(SERVICE.newDeviceName());
        var reply = SERVICE.est(SERVICE.trusting(), "simpleenroll", basic(device.id(), secret), device.requestBase64());
        assertThat(reply.status()).isEqualTo(202);
        assertThat(reply.header("Retry-After")).matches("[0-9]+");
        assertThat(reply.header("Gatehouse-Reason")).isEqualTo("pending");
        assertThat(reply.header("Content-Length")).isEqualTo("0");

        var shown =
                SERVICE.expect(200, "GET", "/api/v1/pending?limit=1000", null).path("items");
        assertThat(shown.findValuesAsText("id")).contains(device.id());
        assertThat(SERVICE.expect(200, "GET", "/api/v1/status", null)
                        .path("pending")
                        .asInt())
                .isPositive();
        assertThat(SERVICE.expect(200, "GET", "/api/v1/devices?state=pending&fleet=" + fleet, null)
                        .path("items")
                        .findValuesAsText("id"))
                .containsExactly(device.id());
        var settled = SERVICE.expect(200, "POST", "/api/v1/pending/" + device.id() + "/reject", null);
        assertThat(settled.path("state").asText()).isEqualTo("rejected");
        assertThat(settled.path("publicKey").asText()).matches("[0-9a-f]{64}");
        assertThat(settled.path("address").asText()).isEqualTo("127.0.0.1");
        for (var path : List.of(device.id() + "/approve", device.id() + "/reject")) {
            assertThat(SERVICE.rest("POST", "/api/v1/pending/" + path, null, JSON)
                            .statusCode())
                    .isEqualTo(409);
        }
        assertThat(SERVICE.rest("POST", "/api/v1/pending/no-such/approve", null, JSON)
                        .statusCode())
                .isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"uses\":0",
                "\"uses\":-1",
                "\"uses\":1.5",
                "\"uses\":1000001",
                "\"uses\":99999999999",
                "\"uses\":2,\"device\":\"d\"",
                "\"uses\":2,\"publicKey\":\"0000000000000000000000000000000000000000000000000000000000000000\"",
                "\"allowedIds\":[]",
                "\"allowedIds\":[null]",
                "\"allowedIds\":[\"a b\"]",
                "\"allowedIds\":\"p-*\"",
                "\"allowedIds\":[\"p-*\"],\"device\":\"d\"",
                "\"approval\":\"yes\"",
                "\"secretSha256\":\"00\"",
                "\"publicKey\":\"AA\"",
                "\"ttl\":\"forever\"",
            })
    void a_claim_that_makes_no_sense_is_a_bad_request(String members) {
        var reply = SERVICE.rest("POST", "/api/v1/claims", "{\"fleet\":\"" + fleet + "\"," + members + "}", JSON);
        assertThat(reply.statusCode()).as(reply.body()).isEqualTo(400);
        assertThat(reply.body()).contains("bad-request");
    }
}
