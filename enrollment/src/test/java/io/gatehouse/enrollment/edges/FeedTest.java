package io.gatehouse.enrollment.edges;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gatehouse.enrollment.http.RawPeer;
import io.gatehouse.testkit.TestDevice;
import io.gatehouse.x509.est.EstCodec;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

class FeedTest {
    private static final RunningService SERVICE = RunningService.get();
    private static final ObjectMapper JSON = new ObjectMapper();

    private static RawPeer.Reply asBroker(String request) {
        return SERVICE.raw(SERVICE.broker.sslContext(SERVICE.anchors()), request);
    }

    private static String get(String path, String headers) {
        return "GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + headers + "\r\n";
    }

    private static String post(String path, String type, String body) {
        return "POST " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: " + type
                + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }

    private static List<JsonNode> lines(String body) throws IOException {
        var lines = new ArrayList<JsonNode>();
        for (var line : body.split("\n")) {
            lines.add(JSON.readTree(line));
        }
        return lines;
    }

    private static List<JsonNode> snapshot() throws IOException {
        return lines(asBroker(get("/admission/v1/feed?version=1", "")).body());
    }

    @Test
    void a_broker_without_a_position_gets_a_snapshot_that_ends() throws IOException {
        var fleet = SERVICE.newFleet();
        SERVICE.enrolled(fleet, SERVICE.newDeviceName());
        var lines = snapshot();
        assertThat(lines.get(0).path("kind").asText()).isEqualTo("snapshot");
        var last = lines.get(lines.size() - 1);
        assertThat(last.path("kind").asText()).isEqualTo("snapshot-end");
        assertThat(last.path("entries").asInt()).isEqualTo(lines.size() - 2);
        assertThat(lines)
                .extracting(line -> line.path("kind").asText())
                .contains("authority", "fleet", "device", "certificate");
    }

    @Test
    void a_snapshot_is_compressed_for_who_wants_that() throws IOException {
        var reply = asBroker(get("/admission/v1/feed?version=1&epoch=unknown&after=1", "Accept-Encoding: gzip\r\n"));
        assertThat(reply.header("Content-Encoding")).isEqualTo("gzip");
        var bytes = reply.body().getBytes(StandardCharsets.ISO_8859_1);
        try (var unzipped = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
            var lines = lines(new String(unzipped.readAllBytes(), StandardCharsets.UTF_8));
            assertThat(lines.get(lines.size() - 1).path("kind").asText()).isEqualTo("snapshot-end");
        }
    }

    @Test
    void a_change_is_on_its_way_as_soon_as_it_is_committed() throws IOException {
        var begin = snapshot().get(0);
        var path = "/admission/v1/feed?version=1&epoch=" + begin.path("epoch").asText() + "&after="
                + begin.path("revision").asLong();
        try (var peer = RawPeer.tls(SERVICE.config.enrollPort(), SERVICE.broker.sslContext(SERVICE.anchors()))) {
            peer.send("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n");
            var seen = new StringBuilder();
            readUntil(peer, seen, "\"kind\":\"hello\"");
            var fleet = SERVICE.newFleet();
            long asked = System.nanoTime();
            readUntil(peer, seen, "\"name\":\"" + fleet + "\"");
            assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(Duration.ofSeconds(1));
            readUntil(peer, seen, "\"kind\":\"heartbeat\"");
            assertThat(seen).contains("Transfer-Encoding: chunked").doesNotContain("gzip");
        }
        var brokers = SERVICE.expect(200, "GET", "/api/v1/brokers", null).path("items");
        assertThat(brokers).anyMatch(broker -> broker.path("name").asText().equals("b1"));
    }

    private static void readUntil(RawPeer peer, StringBuilder seen, String text) throws IOException {
        while (seen.indexOf(text) < 0) {
            var more = peer.readOnce();
            assertThat(more)
                    .as("the stream goes on until " + text + ": " + seen)
                    .isNotEmpty();
            seen.append(more);
        }
    }

    @Test
    void a_witness_says_where_it_begins_in_one_way_only_and_is_not_heard_unasked() {
        var path = "/admission/v1/witness?epoch=e&revision=1";
        assertThat(asBroker(post(path + "&begin=1&total=0", "application/x-ndjson", ""))
                        .status())
                .isEqualTo(409);
        for (var begin : List.of("0", "true", "", "1&begin=1")) {
            assertThat(asBroker(post(path + "&begin=" + begin, "application/x-ndjson", ""))
                            .status())
                    .as(begin)
                    .isEqualTo(400);
        }
    }

    @Test
    void nobody_but_a_registered_broker_is_let_in() {
        var device = SERVICE.enrolled(SERVICE.newFleet(), SERVICE.newDeviceName());
        for (var path :
                List.of("/admission/v1/feed?version=1", "/admission/v1/reports", "/admission/v1/certificates")) {
            var request = path.contains("feed") ? get(path, "") : post(path, "application/json", "{}");
            var anonymous = SERVICE.raw(SERVICE.trusting(), request);
            assertThat(anonymous.status()).isEqualTo(403);
            assertThat(anonymous.header("Gatehouse-Reason")).isEqualTo("no-certificate");
            for (var stranger : List.of(device, RunningService.foreign("b1"))) {
                var reply = SERVICE.raw(stranger.sslContext(SERVICE.anchors()), request);
                assertThat(reply.status()).as(reply.toString()).isEqualTo(403);
                assertThat(reply.header("Gatehouse-Reason")).isEqualTo("unknown-issuer");
            }
        }
    }

    @Test
    void a_wrong_position_or_version_is_told() {
        assertThat(asBroker(get("/admission/v1/feed?version=2", "")).status()).isEqualTo(501);
        assertThat(asBroker(get("/admission/v1/feed?after=x", "")).status()).isEqualTo(400);
    }

    @Test
    void reports_are_taken_of_this_epoch_only() throws IOException {
        var begin = snapshot().get(0);
        var good = "{\"epoch\":\"" + begin.path("epoch").asText() + "\",\"revision\":"
                + begin.path("revision").asLong() + ",\"full\":true}";
        assertThat(asBroker(post("/admission/v1/reports", "application/json", good))
                        .status())
                .isEqualTo(204);
        var other = asBroker(post("/admission/v1/reports", "application/json", "{\"epoch\":\"other\",\"revision\":1}"));
        assertThat(other.status()).isEqualTo(409);
        assertThat(other.header("Gatehouse-Reason")).isEqualTo("conflict");
        for (var bad : List.of("", "[]", "{", "{\"epoch\":1}", "x".repeat(100_000))) {
            assertThat(asBroker(post("/admission/v1/reports", "application/json", bad))
                            .status())
                    .isEqualTo(400);
        }
        assertThat(asBroker(post("/admission/v1/reports", "application/json", "x".repeat(300_000)))
                        .status())
                .isEqualTo(413);
    }

    @Test
    void a_broker_renews_its_certificates() throws Exception {
        var key = TestDevice.named("b1");
        for (var use : List.of("server", "feed")) {
            var reply =
                    asBroker(post("/admission/v1/certificates?use=" + use, "application/pkcs10", key.requestBase64()));
            var chain = EstCodec.certificates(reply.body().getBytes(StandardCharsets.US_ASCII));
            assertThat(chain).hasSize(2);
            assertThat(chain.get(0).getPublicKey()).isEqualTo(key.key().getPublic());
            chain.get(0).verify(chain.get(1).getPublicKey());
        }
        assertThat(asBroker(post("/admission/v1/certificates?use=x", "application/pkcs10", key.requestBase64()))
                        .status())
                .isEqualTo(400);
    }
}
