package io.gatehouse.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testkit.HeldCertificate;
import io.gatehouse.testkit.TestAuthority;
import io.gatehouse.testkit.TestDevice;
import java.io.IOException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Garbage, oversized, truncated, of the wrong type, in the wrong order, on every port. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostileInputTest {
    private static final int MEGABYTE = 1 << 20;
    private final Random random = new Random(7);
    private Gatehouse gatehouse;
    private HeldCertificate device;

    @BeforeAll
    void start() {
        gatehouse = Gatehouse.up();
        gatehouse.fleet("f");
        device = gatehouse.enroll("f", "d-1");
    }

    @AfterAll
    void everything_still_works_and_no_log_has_a_stack_trace() {
        try (Gatehouse closedAtTheEnd = gatehouse) {
            closedAtTheEnd.enroll("f", "d-2");
            try (MqttPeer peer = gatehouse.mqtt("d-1").with(device).connect()) {
                assertThat(peer.publish("devices/d-1/telemetry/t", "x")).isEmpty();
            }
            assertThat(gatehouse.logs()).as("each refusal is told by its word").contains("reason=bad-request");
            assertThat(gatehouse.logs().lines().filter(line -> line.startsWith("\tat ")))
                    .as("stack traces in the logs")
                    .isEmpty();
        }
    }

    @Test
    void garbage_instead_of_tls_is_closed_on_every_port() throws IOException {
        byte[] garbage = new byte[4096];
        random.nextBytes(garbage);
        for (int port : ports()) {
            try (RawConnection raw = RawConnection.tcp(port)) {
                assertHarmless(
                        "garbage on " + port, raw.send(garbage).send("\r\n\r\n").text());
            }
        }
    }

    @Test
    void a_plain_http_request_to_a_tls_port_gets_no_page() throws IOException {
        for (int port : List.of(gatehouse.enrollPort(), gatehouse.adminPort(), gatehouse.mqttPort())) {
            try (RawConnection raw = RawConnection.tcp(port)) {
                assertHarmless(
                        "http on " + port,
                        raw.send("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                                .text());
            }
        }
    }

    @Test
    void a_request_that_is_no_http_gets_400() throws IOException {
        for (int port : List.of(gatehouse.enrollPort(), gatehouse.adminPort())) {
            assertRefused("no http on " + port, tls(port, "\u0001\u0002 rubbish \r\n\r\n"), 400, 400);
            assertRefused("no version on " + port, tls(port, "GET /\r\n\r\n"), 400, 499);
            assertRefused("bad length", tls(port, request("POST", "/x", "Content-Length: -5", "")), 400, 499);
            assertRefused(
                    "two lengths",
                    tls(port, request("POST", "/x", "Content-Length: 1\r\nContent-Length: 2", "ab")),
                    400,
                    499);
            assertRefused(
                    "bad chunk", tls(port, request("POST", "/x", "Transfer-Encoding: chunked", "zz\r\n")), 400, 499);
        }
    }

    @Test
    void oversized_heads_and_bodies_are_refused_without_being_read() throws IOException {
        String longHeader = "X-Long: " + "a".repeat(MEGABYTE);
        for (int port : List.of(gatehouse.enrollPort(), gatehouse.adminPort())) {
            assertRefused("long header on " + port, tls(port, request("GET", "/", longHeader, "")), 400, 431);
            assertRefused("long path", tls(port, request("GET", "/" + "a".repeat(MEGABYTE), "X: y", "")), 400, 431);
        }
        String announced = "Content-Type: application/pkcs10\r\nContent-Length: 4000000000";
        assertRefused(
                "announced",
                tls(gatehouse.enrollPort(), request("POST", "/.well-known/est/simpleenroll", announced, "AAAA")),
                400,
                413);
        EstClient.Answer large =
                gatehouse.est().post("/.well-known/est/simpleenroll", "A".repeat(MEGABYTE), "d-1", "x");
        assertThat(large.status()).isBetween(400, 499);
        String token = "Authorization: Bearer " + gatehouse.token() + "\r\nContent-Type: application/json\r\n";
        assertRefused(
                "announced to REST",
                tls(gatehouse.adminPort(), request("POST", "/api/v1/fleets", token + "Content-Length: 4000000", "{")),
                413,
                413);
    }

    @Test
    void what_is_no_certification_request_gets_400_with_the_word() {
        String secret = gatehouse.claim("f", "csr-1");
        byte[] request = TestDevice.named("csr-1").request();
        byte[] flipped = request.clone();
        flipped[flipped.length - 3] ^= 1;
        byte[] noise = new byte[300];
        random.nextBytes(noise);
        byte[] trailing = Arrays.copyOf(request, request.length + 7);
        for (byte[] body : List.of(noise, new byte[0], Arrays.copyOf(request, request.length / 2), trailing, flipped)) {
            EstClient.Answer answer = gatehouse
                    .est()
                    .post("/.well-known/est/simpleenroll", Base64.getEncoder().encodeToString(body), "csr-1", secret);
            assertThat(answer.status()).as(answer.body()).isEqualTo(400);
            assertThat(answer.reason()).isIn("bad-request", "bad-signature");
            assertThat(answer.body()).contains(answer.reason());
        }
        EstClient.Answer notBase64 =
                gatehouse.est().post("/.well-known/est/simpleenroll", "!!! not base64 !!!", "csr-1", secret);
        assertThat(notBase64.status()).isEqualTo(400);
        gatehouse.est().simpleEnroll(TestDevice.named("csr-1"), secret).expect(200);
    }

    @Test
    void wrong_paths_methods_and_types_get_their_own_4xx() throws IOException {
        int enroll = gatehouse.enrollPort();
        assertRefused("unknown", tls(enroll, request("GET", "/nothing", "X: y", "")), 404, 404);
        assertRefused("traversal", tls(enroll, request("GET", "/../../etc/passwd", "X: y", "")), 400, 404);
        assertRefused("traversal", tls(enroll, request("GET", "/%2e%2e/%2e%2e/etc/passwd", "X: y", "")), 400, 404);
        assertRefused("method", tls(enroll, request("DELETE", "/.well-known/est/cacerts", "X: y", "")), 405, 405);
        assertRefused(
                "type",
                tls(
                        enroll,
                        request(
                                "POST",
                                "/.well-known/est/simpleenroll",
                                "Content-Type: text/html\r\nContent-Length: 2",
                                "hi")),
                400,
                415);
        assertRefused("feed", tls(enroll, request("GET", "/admission/v1/feed?version=1", "X: y", "")), 401, 403);
        assertRefused(
                "feed", tls(enroll, request("POST", "/admission/v1/reports", "Content-Length: 2", "{}")), 401, 403);
        for (String path :
                List.of("/pki/crl/../devices.crl", "/pki/crl/nothing.crl", "/pki/ca/%00.cer", "/", "/pki/crl/")) {
            try (RawConnection raw = RawConnection.tcp(gatehouse.pkiPort())) {
                assertRefused(path, raw.send(request("GET", path, "X: y", "")).head(), 400, 404);
            }
        }
    }

    @Test
    void the_rest_interface_answers_bad_json_with_a_problem() {
        Rest rest = gatehouse.rest();
        for (String body : List.of(
                "{",
                "[]",
                "null",
                "\"x\"",
                "{\"name\":7}",
                "{\"name\":\"UPPER\"}",
                "{\"name\":\"ok\",\"unknown\":1}",
                "{\"name\":\"a\",\"name\":\"b\"}",
                "{\"name\":\"ok\",\"sessions\":{\"max\":-1}}",
                "{\"name\":\"ok\",\"certificate\":{\"lifetime\":\"P-1D\"}}",
                "{\"name\":\"simpleenroll\"}",
                "{\"name\":" + "[".repeat(100_000))) {
            Rest.Answer answer = rest.post("/api/v1/fleets", body);
            assertThat(answer.status()).as(start(body)).isBetween(400, 422);
            assertThat(answer.json().path("reason").asText()).as(start(body)).isNotEmpty();
            assertThat(answer.body())
                    .doesNotContain("Exception")
                    .doesNotContain("jackson")
                    .doesNotContain("\\tat ");
        }
        assertThat(rest.get("/api/v1/devices/%00").status()).isBetween(400, 404);
        assertThat(rest.get("/api/v1/devices?limit=-1").status()).isBetween(400, 422);
        assertThat(rest.get("/api/v1/devices?after=rubbish&limit=5").status()).isIn(200, 400, 422);
        assertThat(rest.post("/api/v1/devices/d-1/revoke", Map.of("reason", "boredom"))
                        .status())
                .isBetween(400, 422);
    }

    @Test
    void without_a_token_the_admin_port_tells_nothing() throws IOException {
        int admin = gatehouse.adminPort();
        for (String header :
                List.of("X: y", "Authorization: Bearer wrong", "Authorization: Basic YTpi", "Authorization: Bearer ")) {
            String answer = tls(admin, request("GET", "/api/v1/devices", header, ""));
            assertRefused(header, answer, 401, 401);
            assertThat(answer).doesNotContain("d-1");
        }
    }

    @Test
    void rubbish_in_mqtt_closes_the_connection() throws IOException {
        byte[] connect = HostileMqtt.connect("d-1");
        for (byte[] bytes : List.of(
                new byte[] {(byte) 0xFF, 1, 2, 3},
                HostileMqtt.publishFirst(),
                HostileMqtt.oversized(),
                HostileMqtt.withBadLength(),
                HostileMqtt.twice(connect),
                HostileMqtt.withProtocol("MQXX"))) {
            try (RawConnection raw = RawConnection.tls(gatehouse.mqttPort(), device.sslContext(gatehouse.trust()))) {
                assertHarmless("mqtt", raw.send(bytes).text());
            }
        }
    }

    @Test
    void half_a_connect_is_not_waited_for_without_end() throws IOException {
        byte[] connect = HostileMqtt.connect("d-1");
        try (RawConnection raw = RawConnection.tls(gatehouse.mqttPort(), device.sslContext(gatehouse.trust()))) {
            assertHarmless(
                    "half", raw.send(Arrays.copyOf(connect, connect.length / 2)).text());
        }
    }

    @Test
    void nobody_without_a_certificate_of_ours_reaches_the_broker() {
        TestAuthority foreign = TestAuthority.root().devicesCa();
        assertThat(gatehouse.mqtt("d-1").refused().word()).isEmpty();
        assertThat(gatehouse.mqtt("d-1").with(foreign.device("d-1")).refused().word())
                .isEmpty();
    }

    private List<Integer> ports() {
        return List.of(gatehouse.enrollPort(), gatehouse.adminPort(), gatehouse.pkiPort(), gatehouse.mqttPort());
    }

    private String tls(int port, String request) throws IOException {
        SSLContext context = HeldCertificate.anonymous(gatehouse.trust());
        try (RawConnection raw = RawConnection.tls(port, context)) {
            return raw.send(request).head();
        }
    }

    private static String request(String method, String path, String header, String body) {
        return method + " " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + header + "\r\n\r\n"
                + body;
    }

    private static void assertRefused(String what, String answer, int lowest, int highest) {
        assertHarmless(what, answer);
        assertThat(answer).as(what).startsWith("HTTP/1.1 ");
        assertThat(Integer.parseInt(answer.substring(9, 12)))
                .as(what + "\n" + answer)
                .isBetween(lowest, highest);
    }

    private static void assertHarmless(String what, String answer) {
        assertThat(answer)
                .as(what)
                .doesNotContainIgnoringCase("<html")
                .doesNotContain("Exception")
                .doesNotContain("\tat ")
                .doesNotContainIgnoringCase("jetty");
    }

    private static String start(String body) {
        return body.substring(0, Math.min(60, body.length()));
    }
}
