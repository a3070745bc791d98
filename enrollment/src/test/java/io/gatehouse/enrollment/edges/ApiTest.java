package io.gatehouse.enrollment.edges;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ApiTest {
    private static final RunningService SERVICE = RunningService.get();
    private static final String JSON = "application/json";

    private final String fleet = SERVICE.newFleet();

    @Test
    void a_fleet_has_its_defaults_and_can_be_changed_bit_by_bit() {
        var path = "/api/v1/fleets/" + fleet;
        var made = SERVICE.expect(200, "GET", path, null);
        assertThat(made.path("kind").asText()).isEqualTo("device");
        assertThat(made.path("certificate").path("lifetime").asText()).isEqualTo("P90D");
        assertThat(made.path("sessions").path("max").asInt()).isEqualTo(1);
        assertThat(made.path("policy").path("rules")).hasSize(2);
        for (var type : List.of(JSON, "application/merge-patch+json", "application/json; charset=utf-8")) {
            var reply = SERVICE.rest("PATCH", path, "{\"certificate\":{\"lifetime\":\"PT36H\"}}", type);
            assertThat(reply.statusCode()).as(reply.body()).isEqualTo(200);
        }
        var changed = SERVICE.expect(200, "PATCH", path, Map.of("sessions", Map.of("max", 3)));
        assertThat(changed.path("certificate").path("lifetime").asText()).isEqualTo("PT36H");
        assertThat(changed.path("sessions").path("max").asInt()).isEqualTo(3);
        problem(SERVICE.rest("POST", "/api/v1/fleets", Map.of("name", fleet), JSON), 409, "already-exists");
        problem(SERVICE.rest("GET", "/api/v1/fleets/none-such", null, JSON), 404, "unknown-fleet", "not-found");
        assertThat(SERVICE.expect(200, "POST", path + "/suspend", null)
                        .path("state")
                        .asText())
                .isEqualTo("suspended");
        assertThat(SERVICE.expect(200, "POST", path + "/resume", Map.of())
                        .path("state")
                        .asText())
                .isEqualTo("active");
    }

    @Test
    void members_that_nobody_asked_for_are_refused_everywhere() {
        var device = SERVICE.newDeviceName();
        SERVICE.enrolled(fleet, device);
        for (var request : List.of(
                List.of("POST", "/api/v1/fleets", "{\"name\":\"x\",\"state\":\"suspended\"}"),
                List.of(
                        "POST",
                        "/api/v1/fleets",
                        "{\"name\":\"x\",\"certificate\":{\"lifetime\":\"P1D\",\"ca\":true}}"),
                List.of("POST", "/api/v1/fleets", "{\"name\":\"x\",\"policy\":{\"rules\":[{\"allow\":[\"#\"]}]}}"),
                List.of("PATCH", "/api/v1/fleets/" + fleet, "{\"name\":\"y\"}"),
                List.of("PATCH", "/api/v1/devices/" + device, "{\"state\":\"active\"}"),
                List.of("PATCH", "/api/v1/devices/" + device, "{\"id\":\"other\"}"),
                List.of("POST", "/api/v1/devices/" + device + "/suspend", "{\"force\":true}"),
                List.of("POST", "/api/v1/devices/" + device + "/revoke", "{\"reason\":\"bored\"}"),
                List.of("POST", "/api/v1/devices/" + device + "/revoke", "{\"waitMillis\":-1}"),
                List.of("POST", "/api/v1/devices/" + device + "/revoke", "{\"waitMillis\":\"5\"}"),
                List.of("POST", "/api/v1/claims", "{\"fleet\":\"" + fleet + "\",\"device\":\"d\",\"secret\":\"x\"}"),
                List.of("PUT", "/api/v1/fleets/" + fleet + "/policy", "{\"rules\":[],\"fleet\":\"z\"}"),
                List.of("POST", "/api/v1/policy/explain", "{\"device\":\"" + device + "\"}"))) {
            problem(SERVICE.rest(request.get(0), request.get(1), request.get(2), JSON), 400, "bad-request");
        }
        var shown = SERVICE.expect(200, "GET", "/api/v1/devices/" + device, null);
        assertThat(shown.path("state").asText()).isEqualTo("active");
    }

    @Test
    void bodies_that_are_no_json_object_are_refused() {
        for (var body : List.of(
                "[]",
                "1",
                "null",
                "{",
                "{}{}",
                "{\"name\":\"a\",\"name\":\"b\"}",
                "{\"name\":5}",
                "{\"name\":true}",
                "[".repeat(5_000),
                "{\"name\":\"" + "x".repeat(80_000) + "\"}",
                "\u0000",
                "{\"name\":\"UPPER\"}")) {
            problem(SERVICE.rest("POST", "/api/v1/fleets", body, JSON), 400, "bad-request");
        }
        problem(SERVICE.rest("POST", "/api/v1/fleets", "{}", "text/plain"), 415, "wrong-content-type");
        problem(
                SERVICE.rest("POST", "/api/v1/fleets", "name=x", "application/x-www-form-urlencoded"),
                415,
                "wrong-content-type");
        var merge = "application/merge-patch+json";
        problem(SERVICE.rest("POST", "/api/v1/fleets", "{\"name\":\"x\"}", merge), 415, "wrong-content-type");
        problem(SERVICE.rest("POST", "/api/v1/fleets", " ".repeat(300_000), JSON), 413, "too-large");
    }

    @Test
    void the_detail_names_the_member_and_never_repeats_the_value() {
        var reply = SERVICE.rest(
                "POST", "/api/v1/fleets", "{\"certificate\":{\"lifetime\":\"P1X-hidden\"},\"name\":\"x\"}", JSON);
        assertThat(reply.body()).contains("certificate.lifetime").doesNotContain("hidden");
        var unknown = SERVICE.rest("POST", "/api/v1/fleets", "{\"name\":\"x\",\"<b>\":\"hidden\"}", JSON);
        assertThat(unknown.body()).doesNotContain("<b>").doesNotContain("hidden");
    }

    @Test
    void nobody_comes_in_without_the_token() {
        for (var header :
                List.of("", "Bearer ", "Bearer wrong", "Basic " + SERVICE.token(), "Bearer " + "x".repeat(600))) {
            for (var path : List.of("/api/v1/fleets", "/api/v1/status", "/metrics", "/api/v1/devices/d/revoke")) {
                var request = HttpRequest.newBuilder(URI.create(SERVICE.adminUrl() + path));
                if (!header.isEmpty()) {
                    request.header("Authorization", header);
                }
                if (path.endsWith("revoke")) {
                    request.POST(BodyPublishers.noBody());
                }
                var reply = SERVICE.send(request.build());
                problem(reply, 401, "not-authenticated");
                assertThat(reply.headers().firstValue("WWW-Authenticate")).contains("Bearer realm=\"gatehouse\"");
            }
        }
        var url = URI.create(SERVICE.adminUrl() + "/api/v1/fleets?token=" + SERVICE.token());
        problem(SERVICE.send(HttpRequest.newBuilder(url).build()), 401, "not-authenticated");
    }

    @Test
    void a_policy_is_put_only_on_what_was_read_when_if_match_says_so() {
        var path = "/api/v1/fleets/" + fleet + "/policy";
        var read = SERVICE.rest("GET", path, null, JSON);
        var etag = read.headers().firstValue("ETag").orElseThrow();
        var policy = "{\"rules\":[{\"publish\":[\"devices/${device}/#\"],\"qosMax\":1}]}";
        var first = put(path, policy, etag);
        assertThat(first.statusCode()).as(first.body()).isEqualTo(200);
        problem(put(path, policy, etag), 412, "conflict");
        problem(put(path, policy, "W/\"1\""), 400, "bad-request");
        assertThat(SERVICE.rest("PUT", path, policy, JSON).statusCode()).isEqualTo(200);
        assertThat(RunningService.json(SERVICE.rest("GET", path, null, JSON))
                        .path("rules")
                        .path(0)
                        .path("qosMax")
                        .asInt())
                .isEqualTo(1);
        problem(SERVICE.rest("PUT", path, "{\"rules\":[{\"publish\":[\"a/#/b\"]}]}", JSON), 400, "bad-request");
    }

    private static HttpResponse<String> put(String path, String body, String etag) {
        return SERVICE.send(HttpRequest.newBuilder(URI.create(SERVICE.adminUrl() + path))
                .header("Authorization", "Bearer " + SERVICE.token())
                .header("Content-Type", JSON)
                .header("If-Match", etag)
                .PUT(BodyPublishers.ofString(body))
                .build());
    }

    @Test
    void explain_names_the_rule() {
        var device = SERVICE.newDeviceName();
        SERVICE.enrolled(fleet, device);
        var yes = SERVICE.expect(
                200,
                "POST",
                "/api/v1/policy/explain",
                Map.of("device", device, "publish", "devices/" + device + "/telemetry/t"));
        assertThat(yes.path("allowed").asBoolean()).isTrue();
        assertThat(yes.path("fleet").asText()).isEqualTo(fleet);
        assertThat(yes.path("rule").path("publish").path(0).asText()).isEqualTo("devices/${device}/telemetry/#");
        var no = SERVICE.expect(
                200, "POST", "/api/v1/policy/explain", Map.of("device", device, "subscribe", "devices/+/commands/#"));
        assertThat(no.path("allowed").asBoolean()).isFalse();
        assertThat(no.path("rule").isNull()).isTrue();
    }

    @Test
    void a_claim_shows_its_secret_once_and_its_command_does_not_hold_it() {
        var device = SERVICE.newDeviceName();
        var made =
                SERVICE.expect(201, "POST", "/api/v1/claims", Map.of("fleet", fleet, "device", device, "ttl", "PT5M"));
        var secret = made.path("secret").asText();
        assertThat(secret).hasSizeGreaterThan(40);
        assertThat(made.path("command").asText())
                .contains(device, "sha256:", SERVICE.config.enrollUrl().toString())
                .doesNotContain(secret);
        var id = made.path("id").asText();
        var listed = SERVICE.rest("GET", "/api/v1/claims?device=" + device, null, JSON);
        assertThat(listed.body()).contains(id).doesNotContain(secret);
        var cancelled = SERVICE.expect(200, "DELETE", "/api/v1/claims/" + id, null);
        assertThat(cancelled.path("state").asText()).isEqualTo("cancelled");
        problem(SERVICE.rest("DELETE", "/api/v1/claims/none", null, JSON), 404, "not-found");
        problem(
                SERVICE.rest("POST", "/api/v1/claims", Map.of("fleet", fleet, "device", device, "ttl", "PT0S"), JSON),
                400,
                "bad-request");
        assertThat(SERVICE.rest("GET", "/api/v1/audit?limit=1000", null, JSON).body())
                .doesNotContain(secret);
    }

    @Test
    void devices_are_found_page_by_page() {
        for (int i = 0; i < 5; i++) {
            SERVICE.enrolled(fleet, SERVICE.newDeviceName());
        }
        var seen = new java.util.TreeSet<String>();
        String next = "";
        do {
            var page = SERVICE.expect(200, "GET", "/api/v1/devices?limit=2&fleet=" + fleet + next, null);
            page.path("items").forEach(item -> seen.add(item.path("id").asText()));
            assertThat(page.path("items").size()).isLessThanOrEqualTo(2);
            next = page.path("next").isNull()
                    ? null
                    : "&after=" + page.path("next").asText();
        } while (next != null);
        assertThat(seen).hasSize(5);
        for (var query : List.of(
                "limit=0", "limit=1001", "limit=x", "limit=-1", "what=1", "state=odd", "connected=maybe", "fleet=A")) {
            problem(SERVICE.rest("GET", "/api/v1/devices?" + query, null, JSON), 400, "bad-request");
        }
    }

    @Test
    void a_device_lives_through_its_states() {
        var device = SERVICE.newDeviceName();
        SERVICE.enrolled(fleet, device);
        var path = "/api/v1/devices/" + device;
        var patched = SERVICE.expect(200, "PATCH", path, "{\"attributes\":{\"site\":\"north\",\"rack\":\"7\"}}");
        assertThat(patched.path("attributes").path("site").asText()).isEqualTo("north");
        var again = SERVICE.expect(200, "PATCH", path, "{\"attributes\":{\"site\":null}}");
        assertThat(again.path("attributes").has("site")).isFalse();
        assertThat(again.path("attributes").path("rack").asText()).isEqualTo("7");
        problem(SERVICE.rest("PATCH", path, "{\"attributes\":{\"a\":\"x/#\"}}", JSON), 400, "bad-request");
        problem(SERVICE.rest("PATCH", path, "{\"fleet\":null}", JSON), 400, "bad-request");
        assertThat(state(SERVICE.expect(200, "POST", path + "/suspend", null))).isEqualTo("suspended");
        assertThat(state(SERVICE.expect(200, "POST", path + "/resume", null))).isEqualTo("active");
        var shown = SERVICE.expect(200, "GET", path, null);
        var sha256 = shown.path("certificates").path(0).path("sha256").asText();
        assertThat(sha256).matches("[0-9a-f]{64}");
        var revoked = SERVICE.rest("POST", "/api/v1/certificates/" + sha256 + "/revoke", "{\"waitMillis\":0}", JSON);
        assertThat(revoked.statusCode()).isIn(200, 202);
        assertThat(state(SERVICE.expect(200, "POST", path + "/decommission", null)))
                .isEqualTo("decommissioned");
        problem(SERVICE.rest("POST", path + "/resume", null, JSON), 409, "decommissioned", "conflict");
        problem(SERVICE.rest("GET", "/api/v1/devices/none-such", null, JSON), 404, "unknown-device", "not-found");
        problem(SERVICE.rest("GET", "/api/v1/devices/%00", null, JSON), 400, "bad-request");
        problem(SERVICE.rest("POST", "/api/v1/certificates/xyz/revoke", null, JSON), 400, "bad-request");
    }

    private static String state(JsonNode device) {
        return device.path("state").asText();
    }

    @Test
    void what_was_done_is_in_the_audit_and_the_chain_holds() {
        var items = SERVICE.expect(200, "GET", "/api/v1/audit?limit=1000", null).path("items");
        assertThat(items).anyMatch(item -> item.path("subject").asText().contains(fleet));
        assertThat(items.path(0).path("hash").asText()).matches("[0-9a-f]{64}");
        assertThat(items.path(0).path("detail").isObject()).isTrue();
        var verified = SERVICE.expect(200, "POST", "/api/v1/audit/verify", null);
        assertThat(verified.path("intact").asBoolean()).isTrue();
        assertThat(verified.path("entries").asLong()).isPositive();
    }

    @Test
    void sessions_refusals_and_brokers_are_lists() {
        for (var path : List.of(
                "/api/v1/sessions", "/api/v1/refusals", "/api/v1/brokers", "/api/v1/fleets", "/api/v1/claims")) {
            var list = SERVICE.expect(200, "GET", path, null);
            assertThat(list.path("items").isArray()).isTrue();
            assertThat(list.has("next")).isTrue();
        }
    }

    private static void problem(HttpResponse<String> reply, int status, String... words) {
        assertThat(reply.statusCode()).as(reply.body()).isEqualTo(status);
        assertThat(reply.headers().firstValue("Content-Type")).contains("application/problem+json");
        var body = RunningService.json(reply);
        assertThat(body.path("reason").asText()).as(reply.body()).isIn((Object[]) words);
        assertThat(body.path("status").asInt()).isEqualTo(status);
        assertThat(body.path("type").asText()).isEqualTo("about:blank");
        assertThat(body.path("title").asText()).isNotEmpty();
    }
}
