package io.gatehouse.enrollment.edges;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the REST interface says about a policy that is wrong, odd, or asked about. */
class PolicyApiTest {
    private static final RunningService SERVICE = RunningService.get();

    private final String fleet = SERVICE.newFleet();
    private final String path = "/api/v1/fleets/" + fleet + "/policy";

    private static Map<String, Object> policy(Map<?, ?>... rules) {
        return Map.of("rules", List.of(rules));
    }

    private static List<String> pointers(JsonNode places) {
        return places.findValuesAsText("pointer");
    }

    @Test
    void every_place_that_is_wrong_has_a_pointer_into_the_body() {
        var wrong = policy(
                Map.of("publish", List.of("ok", "a/#/b", "x/${site}")), Map.of("subscribe", List.of("a"), "qosMax", 3));

        var put = SERVICE.expect(400, "PUT", path, wrong);
        assertThat(put.path("reason").asText()).isEqualTo("bad-request");
        assertThat(put.path("detail").asText())
                .startsWith("rules[0].publish[1]: \"a/#/b\": # stands only as the last level")
                .endsWith("(and 2 more)");
        assertThat(pointers(put.path("errors")))
                .containsExactly("#/rules/0/publish/1", "#/rules/0/publish/2", "#/rules/1/qosMax");
        assertThat(put.path("errors").path(1).path("detail").asText()).startsWith("\"x/${site}\": no such variable");

        var post = SERVICE.expect(400, "POST", "/api/v1/fleets", Map.of("name", "never-made", "policy", wrong));
        assertThat(post.path("detail").asText()).startsWith("policy.rules[0].publish[1]");
        assertThat(pointers(post.path("errors"))).contains("#/policy/rules/0/publish/1");
        assertThat(pointers(SERVICE.expect(400, "PATCH", "/api/v1/fleets/" + fleet, Map.of("policy", wrong))
                        .path("errors")))
                .contains("#/policy/rules/0/publish/1");
    }

    @Test
    void a_contradiction_is_refused() {
        var retain = SERVICE.expect(400, "PUT", path, policy(Map.of("subscribe", List.of("a"), "retain", "never")));
        assertThat(pointers(retain.path("errors"))).containsExactly("#/rules/0/retain");
        var shared = SERVICE.expect(400, "PUT", path, policy(Map.of("publish", List.of("a"), "shared", "only")));
        assertThat(pointers(shared.path("errors"))).containsExactly("#/rules/0/shared");
        SERVICE.expect(200, "PUT", path, policy(Map.of("publish", List.of("a"), "shared", "any")));
    }

    @Test
    void what_is_superfluous_is_accepted_and_told() {
        var odd = policy(Map.of("publish", List.of("a/#")), Map.of("publish", List.of("a/b")));
        var answer = SERVICE.expect(200, "PUT", path, odd);
        assertThat(answer.path("rules")).hasSize(2);
        assertThat(pointers(answer.path("warnings"))).containsExactly("#/rules/1");
        assertThat(SERVICE.expect(200, "GET", path, null).has("warnings")).isFalse();
        assertThat(SERVICE.expect(200, "PUT", path, policy(Map.of("publish", List.of("a/#"))))
                        .has("warnings"))
                .isFalse();
    }

    @Test
    void an_explanation_says_why_not_in_every_state_of_the_device() {
        SERVICE.expect(
                200,
                "PUT",
                path,
                policy(
                        Map.of("publish", List.of("devices/${device}/#"), "qosMax", 1, "retain", "never"),
                        Map.of("publish", List.of("sites/${attr.site}/log"))));
        var device = SERVICE.newDeviceName();
        SERVICE.enrolled(fleet, device);
        SERVICE.expect(200, "POST", "/api/v1/devices/" + device + "/suspend", null);

        var yes = explain(200, Map.of("device", device, "publish", "devices/" + device + "/x", "qos", 1));
        assertThat(yes.path("allowed").asBoolean()).isTrue();
        assertThat(yes.path("number").asInt()).isEqualTo(1);
        assertThat(yes.path("state").asText()).isEqualTo("suspended");
        assertThat(yes.path("whyNot")).isEmpty();

        var limits =
                explain(200, Map.of("device", device, "publish", "devices/" + device + "/x", "qos", 2, "retain", true));
        assertThat(limits.path("allowed").asBoolean()).isFalse();
        assertThat(limits.path("number").isNull()).isTrue();
        assertThat(limits.path("whyNot").path(0).asText())
                .startsWith("rule 1 would allow it")
                .endsWith("QoS 2 is above its qosMax 1, and it allows no retained messages");

        var site = Map.of("device", device, "publish", "sites/oslo/log");
        assertThat(explain(200, site).path("whyNot").path(0).asText()).endsWith("but attr.site has no value");
        SERVICE.expect(200, "PATCH", "/api/v1/devices/" + device, Map.of("attributes", Map.of("site", "oslo")));
        assertThat(explain(200, site).path("allowed").asBoolean()).isTrue();

        explain(400, Map.of("device", device, "publish", "a", "qos", 3));
        explain(400, Map.of("device", device, "publish", "a", "qos", "1"));
        explain(400, Map.of("device", device, "subscribe", "a", "retain", true));
    }

    private static JsonNode explain(int status, Map<String, ?> question) {
        return SERVICE.expect(status, "POST", "/api/v1/policy/explain", question);
    }
}
