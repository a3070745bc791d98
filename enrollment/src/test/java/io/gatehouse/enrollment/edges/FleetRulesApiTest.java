package io.gatehouse.enrollment.edges;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gatehouse.testkit.HeldCertificate;
import io.gatehouse.testkit.Keys;
import io.gatehouse.testkit.PemText;
import io.gatehouse.testkit.TestAuthority;
import io.gatehouse.testkit.TestDevice;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Enrollment rules, renewal and single certificates over REST, and what devices see of them. */
class FleetRulesApiTest {
    private static final RunningService SERVICE = RunningService.get();
    private static final String JSON = "application/json";
    private static final TestAuthority MAKER = TestAuthority.root("Maker of the API test");

    private final String fleet = SERVICE.newFleet();
    private final String path = "/api/v1/fleets/" + fleet;
    private final String device = SERVICE.newDeviceName();

    @Test
    void a_member_that_is_null_has_its_default_again_and_what_is_not_named_stays() {
        patch("{\"certificate\":{\"lifetime\":\"P30D\",\"keys\":[\"P-384\"]},\"sessions\":{\"max\":3},"
                + "\"enrollment\":{\"expiredGrace\":\"P7D\"}}");
        var anchors = PemText.certificates(List.of(MAKER.certificate()));
        SERVICE.expect(200, "PATCH", path, Map.of("enrollment", Map.of("factory", Map.of("anchors", anchors))));
        var full = patch("{\"enrollment\":{\"factory\":{\"acceptExpired\":true}}}");
        assertThat(full.at("/certificate/keys").toString()).isEqualTo("[\"P-384\"]");
        assertThat(full.at("/enrollment/expiredGrace").asText()).isEqualTo("P7D");
        assertThat(full.at("/enrollment/factory/anchors").asText()).isEqualTo(anchors);
        assertThat(full.at("/enrollment/factory/id").asText()).isEqualTo("serialNumber");
        assertThat(full.at("/enrollment/factory/acceptExpired").asBoolean()).isTrue();

        var less = patch("{\"certificate\":{\"keys\":null},\"sessions\":null,\"enrollment\":{\"factory\":null}}");
        assertThat(less.at("/certificate/keys")).hasSize(5);
        assertThat(less.at("/certificate/lifetime").asText()).isEqualTo("P30D");
        assertThat(less.at("/sessions/max").asInt()).isEqualTo(1);
        assertThat(less.at("/enrollment/factory").isNull()).isTrue();
        assertThat(less.at("/enrollment/expiredGrace").asText()).isEqualTo("P7D");
        assertThat(patch("{\"certificate\":null,\"enrollment\":null}")
                        .at("/certificate/lifetime")
                        .asText())
                .isEqualTo("P90D");
    }

    @Test
    void rules_that_cannot_be_are_refused_by_name() {
        for (var body : List.of(
                "{\"certificate\":{\"keys\":[]}}",
                "{\"certificate\":{\"keys\":[\"RSA-1024\"]}}",
                "{\"certificate\":{\"keys\":[null]}}",
                "{\"enrollment\":{\"expiredGrace\":\"-P1D\"}}",
                "{\"enrollment\":{\"grace\":\"P1D\"}}",
                "{\"enrollment\":{\"factory\":{}}}",
                "{\"enrollment\":{\"factory\":{\"anchors\":\"x\"}}}",
                "{\"enrollment\":{\"factory\":{\"id\":\"mac\"}}}",
                "{\"policy\":null}")) {
            var reply = SERVICE.rest("PATCH", path, body, JSON);
            assertThat(reply.statusCode()).as(body).isEqualTo(400);
        }
        var reply = SERVICE.rest("POST", path + "/reissue", "{}", JSON);
        assertThat(reply.statusCode()).isEqualTo(400);
    }

    @Test
    void a_device_with_a_factory_certificate_enrolls_over_tls_by_the_label_of_its_fleet() {
        var idevid = MAKER.device(device, order -> order.noNames().noPurpose());
        var tls = idevid.sslContext(SERVICE.anchors());
        var request = TestDevice.named(device).requestBase64();
        var refused = SERVICE.est(tls, fleet + "/simpleenroll", "", request);
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.header("Gatehouse-Reason")).isEqualTo("unknown-issuer");

        var rule = Map.of("anchors", PemText.certificates(List.of(MAKER.certificate())), "id", "commonName");
        SERVICE.expect(200, "PATCH", path, Map.of("enrollment", Map.of("factory", rule)));
        var enrolled = SERVICE.est(tls, fleet + "/simpleenroll", "", request);
        assertThat(RunningService.certificates(enrolled)
                        .get(0)
                        .getSubjectX500Principal()
                        .getName())
                .isEqualTo("CN=" + device);
        var other = MAKER.device(
                SERVICE.newDeviceName(), order -> order.key(Keys.ed25519()).noNames());
        assertThat(SERVICE.est(
                                other.sslContext(SERVICE.anchors()),
                                fleet + "/simpleenroll",
                                "",
                                TestDevice.named(device).requestBase64())
                        .header("Gatehouse-Reason"))
                .isEqualTo("name-mismatch");
    }

    @Test
    void csrattrs_under_a_label_names_a_key_that_the_fleet_takes() {
        patch("{\"certificate\":{\"keys\":[\"RSA-2048\",\"P-384\"]}}");

        assertThat(attributes(fleet + "/csrattrs")).contains("06052b81040022").endsWith("06082a8648ce3d040303");
        assertThat(attributes("csrattrs")).contains("06082a8648ce3d030107");
    }

    private static String attributes(String operation) {
        var reply = SERVICE.get(SERVICE.trusting(), "/.well-known/est/" + operation);
        return HexFormat.of().formatHex(Base64.getMimeDecoder().decode(reply.body()));
    }

    @Test
    void an_order_to_renew_is_told_to_devices_and_shown_with_its_progress() {
        HeldCertificate held = SERVICE.enrolled(fleet, device);
        assertThat(SERVICE.expect(200, "GET", path, null).path("reissue").isNull())
                .isTrue();
        var order = SERVICE.expect(200, "POST", path + "/reissue", Map.of("within", "PT6H"));
        assertThat(order.path("total").asInt()).isEqualTo(1);
        var until = Instant.parse(order.path("until").asText());

        var told = standing(held);
        assertThat(Instant.parse(told.path("renewUntil").asText())).isBeforeOrEqualTo(until);
        var renewed = TestDevice.named(device);
        var next = SERVICE.held(
                renewed,
                SERVICE.est(held.sslContext(SERVICE.anchors()), "simplereenroll", "", renewed.requestBase64()));
        assertThat(Instant.parse(standing(next).path("renewFrom").asText())).isAfter(until.plus(Duration.ofDays(30)));
        var shown = SERVICE.expect(200, "GET", path, null).path("reissue");
        assertThat(shown.path("done").asInt()).isEqualTo(1);
        assertThat(shown.path("left").asInt()).isZero();
    }

    @Test
    void a_reinstated_device_is_told_so_and_its_key_enrolls_once_more() {
        HeldCertificate held = SERVICE.enrolled(fleet, device);
        var act = "/api/v1/devices/" + device;
        assertThat(SERVICE.rest("POST", act + "/reinstate", null, JSON).statusCode())
                .isEqualTo(409);
        var revoked = SERVICE.rest("POST", act + "/revoke", Map.of("waitMillis", 0, "reason", "keyCompromise"), JSON);
        assertThat(revoked.statusCode()).as("a broker may be away").isIn(200, 202);
        assertThat(SERVICE.expect(200, "POST", act + "/reinstate", null)
                        .path("state")
                        .asText())
                .isEqualTo("reinstated");
        assertThat(SERVICE.expect(200, "GET", "/api/v1/devices?state=reinstated&q=" + device, null)
                        .path("items"))
                .hasSize(1);
        var told = standing(held);
        assertThat(told.path("state").asText()).isEqualTo("reinstated");
        assertThat(told.path("reason").asText()).isEqualTo("revoked");
        assertThat(Instant.parse(told.path("renewFrom").asText()))
                .isBefore(Instant.now().plusSeconds(1));

        var same = new TestDevice(device, held.key());
        var again = SERVICE.est(held.sslContext(SERVICE.anchors()), "simplereenroll", "", same.requestBase64());
        assertThat(RunningService.certificates(again)).hasSize(1);
    }

    @Test
    void certificates_are_listed_and_shown_by_themselves() {
        HeldCertificate held = SERVICE.enrolled(fleet, device);
        var one = SERVICE.expect(200, "GET", "/api/v1/certificates/" + held.sha256(), null);
        assertThat(one.path("device").asText()).isEqualTo(device);
        assertThat(one.path("pem").asText()).isEqualTo(PemText.certificates(List.of(held.certificate())));
        for (var query :
                List.of("device=" + device, "serial=" + one.path("serial").asText(), "limit=1000")) {
            var found = SERVICE.expect(200, "GET", "/api/v1/certificates?" + query, null);
            assertThat(found.path("items").findValuesAsText("sha256")).as(query).contains(held.sha256());
        }
        var first = SERVICE.expect(200, "GET", "/api/v1/certificates?limit=1", null);
        var second = SERVICE.expect(
                200,
                "GET",
                "/api/v1/certificates?limit=1&after=" + first.path("next").asText(),
                null);
        assertThat(second.at("/items/0/sha256").asText())
                .isNotEqualTo(first.at("/items/0/sha256").asText());
        for (var query : List.of("serial=xyz", "after=abc", "fleet=" + fleet, "after=" + "0".repeat(64))) {
            assertThat(SERVICE.rest("GET", "/api/v1/certificates?" + query, null, JSON)
                            .statusCode())
                    .as(query)
                    .isEqualTo(400);
        }
        assertThat(SERVICE.rest("GET", "/api/v1/certificates/" + "0".repeat(64), null, JSON)
                        .statusCode())
                .isEqualTo(404);
    }

    private static JsonNode standing(HeldCertificate held) {
        var reply = SERVICE.get(held.sslContext(SERVICE.anchors()), "/.well-known/gatehouse/device");
        try {
            return new ObjectMapper().readTree(reply.body());
        } catch (JsonProcessingException e) {
            throw new AssertionError(reply.toString(), e);
        }
    }

    private JsonNode patch(String body) {
        var reply = SERVICE.rest("PATCH", path, body, "application/merge-patch+json");
        assertThat(reply.statusCode()).as(reply.body()).isEqualTo(200);
        return RunningService.json(reply);
    }
}
