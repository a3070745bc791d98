package io.gatehouse.enrollment.edges;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gatehouse.enrollment.http.RawPeer;
import io.gatehouse.testkit.TestDevice;
import io.gatehouse.x509.Pem;
import io.gatehouse.x509.der.MalformedException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BrokersApiTest {
    private static final RunningService SERVICE = RunningService.get();
    private static final String BROKERS = "/api/v1/brokers";
    private static final ObjectMapper JSON = new ObjectMapper();
    /** A stream that nobody cuts looks by itself whether it may go on, 10 s after its first line. */
    private static final Duration AT_ONCE = Duration.ofSeconds(5);

    private final TestDevice feed = TestDevice.named("feed");
    private final TestDevice server = TestDevice.named("server");

    @Test
    void a_registered_node_reads_the_feed_with_what_it_was_answered() throws MalformedException {
        var shown = SERVICE.expect(201, "POST", BROKERS, node("n1", "N1.example", "192.0.2.9"));

        assertThat(shown.path("trustDomain").asText()).isEqualTo("gatehouse.internal");
        assertThat(shown.path("services").path(0).asText()).startsWith("https://localhost:");
        assertThat(shown.path("maxStale").asText()).isEqualTo("PT24H");
        assertThat(texts(shown.path("names"))).containsExactly("n1.example", "192.0.2.9");
        assertThat(Pem.certificates(shown.path("trust").asText())).isEqualTo(SERVICE.anchors());
        assertThat(Pem.certificates(shown.path("devicesCas").asText())).isNotEmpty();
        var chain = Pem.certificates(shown.path("serverCertificate").asText());
        assertThat(chain).hasSize(2);
        assertThat(chain.get(0).getPublicKey()).isNotEqualTo(feedKey(shown));
        var held = feed.holding(
                Pem.certificates(shown.path("feedCertificate").asText()).get(0), chain.subList(1, 2));
        var reply = SERVICE.raw(
                held.sslContext(SERVICE.anchors()),
                "GET /admission/v1/feed?version=2 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        assertThat(reply.status())
                .as("a registered broker is told that this version is not spoken")
                .isEqualTo(501);

        var listed = SERVICE.expect(200, "GET", BROKERS, null).path("items");
        assertThat(listed.findValuesAsText("name")).contains("n1");
    }

    @Test
    void a_taken_name_is_refused_unless_the_order_says_to_replace_and_a_repetition_is_answered_again() {
        SERVICE.expect(201, "POST", BROKERS, node("n2", "n2.example"));
        SERVICE.expect(201, "POST", BROKERS, node("n2", "n2.example"));

        var other = new LinkedHashMap<>(node("n2", "n2.example"));
        other.put("feedRequest", TestDevice.named("other").requestBase64());
        var refused = SERVICE.expect(409, "POST", BROKERS, other);
        assertThat(refused.path("reason").asText()).isEqualTo("already-exists");
        other.put("replace", true);
        SERVICE.expect(201, "POST", BROKERS, other);
        SERVICE.expect(409, "POST", BROKERS, node("n2", "n2.example"));

        SERVICE.expect(204, "DELETE", BROKERS + "/n2", null);
        SERVICE.expect(201, "POST", BROKERS, node("n2", "n2.example"));
    }

    @Test
    void the_open_feed_of_a_replaced_node_is_cut_at_once_and_its_name_was_never_seen() throws Exception {
        var shown = SERVICE.expect(201, "POST", BROKERS, node("n4", "n4.example"));
        var tls = feed.holding(
                        Pem.certificates(shown.path("feedCertificate").asText()).get(0),
                        Pem.certificates(shown.path("feedCertificate").asText()).subList(1, 2))
                .sslContext(SERVICE.anchors());
        var path = "/admission/v1/feed?version=1";
        var begin =
                JSON.readTree(SERVICE.get(tls, path).body().lines().findFirst().orElseThrow());
        try (var peer = RawPeer.tls(SERVICE.config.enrollPort(), tls)) {
            peer.send("GET " + path + "&epoch=" + begin.path("epoch").asText() + "&after="
                    + begin.path("revision").asLong() + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
            var seen = new StringBuilder();
            while (seen.indexOf("\"kind\":\"heartbeat\"") < 0) { // from here on the stream waits for the next change
                var more = peer.readOnce();
                assertThat(more).as("the stream goes on: " + seen).isNotEmpty();
                seen.append(more);
            }
            assertThat(listed("n4").path("connected").asBoolean()).isTrue();

            var other = new LinkedHashMap<>(node("n4", "n4.example"));
            other.put("feedRequest", TestDevice.named("other").requestBase64());
            other.put("replace", true);
            long asked = System.nanoTime();
            SERVICE.expect(201, "POST", BROKERS, other);
            boolean ended = peer.ended();
            while (!ended) {
                ended = peer.ended();
            }
            assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(AT_ONCE);
        }
        assertThat(listed("n4").path("connected").asBoolean()).isFalse();
        assertThat(listed("n4").path("lastSeen").asText("")).isEmpty();
        assertThat(SERVICE.get(tls, path).header("Gatehouse-Reason")).isEqualTo("unknown-certificate");
    }

    @Test
    void what_makes_no_sense_is_refused_with_the_member() {
        var without = new LinkedHashMap<>(node("n3", "n3.example"));
        without.remove("serverRequest");
        for (var bad : List.of(
                Map.entry("name", node("N3!", "n3.example")),
                Map.entry("names", node("n3")),
                Map.entry("names", node("n3", "two words")),
                Map.entry("names", node("n3", "n3.example:8883")),
                Map.entry("names", node("n3", "n3.example", "N3.EXAMPLE")),
                Map.entry("serverRequest", without),
                Map.entry("feedRequest", with("feedRequest", "not base64!")),
                Map.entry(
                        "feedRequest",
                        with("feedRequest", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----")),
                Map.entry("keys", with("feedRequest", server.requestBase64())),
                Map.entry("force", with("force", true)))) {
            var reply = SERVICE.rest("POST", BROKERS, bad.getValue(), "application/json");
            assertThat(reply.statusCode()).as(bad + reply.body()).isEqualTo(400);
            assertThat(reply.body()).contains(bad.getKey());
        }
        var garbage = SERVICE.rest(
                "POST",
                BROKERS,
                with("feedRequest", Base64.getEncoder().encodeToString(new byte[40])),
                "application/json");
        assertThat(garbage.statusCode()).isEqualTo(400);
        assertThat(SERVICE.expect(200, "GET", BROKERS, null).path("items").findValuesAsText("name"))
                .doesNotContain("n3");
    }

    private static JsonNode listed(String name) {
        for (var broker : SERVICE.expect(200, "GET", BROKERS, null).path("items")) {
            if (broker.path("name").asText().equals(name)) {
                return broker;
            }
        }
        throw new AssertionError("no broker " + name);
    }

    private Map<String, Object> with(String member, Object value) {
        var changed = new LinkedHashMap<>(node("n3", "n3.example"));
        changed.put(member, value);
        return changed;
    }

    private Map<String, Object> node(String name, String... names) {
        return Map.of(
                "name", name,
                "names", List.of(names),
                "feedRequest", feed.requestBase64(),
                "serverRequest", Pem.write(Pem.CERTIFICATE_REQUEST, server.request()));
    }

    private static Object feedKey(JsonNode shown) throws MalformedException {
        return Pem.certificates(shown.path("feedCertificate").asText()).get(0).getPublicKey();
    }

    private static List<String> texts(JsonNode array) {
        var texts = new String[array.size()];
        Arrays.setAll(texts, i -> array.path(i).asText());
        return List.of(texts);
    }
}
