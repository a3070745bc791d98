package io.gatehouse.enrollment.edges;

import static io.gatehouse.enrollment.edges.RunningService.basic;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.enrollment.http.RawPeer;
import io.gatehouse.testkit.TestDevice;
import java.io.IOException;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The wire of EST, form by form as facts about real clients ask for it. */
class EstTest {
    private static final RunningService SERVICE = RunningService.get();

    private final String fleet = SERVICE.newFleet();
    private final TestDevice device = TestDevice.named(SERVICE.newDeviceName());
    private final String credentials = basic(device.id(), SERVICE.claim(fleet, device.id()));

    private RawPeer.Reply enroll(String headers, String body) {
        return SERVICE.est(SERVICE.trusting(), "simpleenroll", credentials + headers, body);
    }

    @Test
    void a_claim_becomes_a_certificate_and_the_same_key_gets_the_same_again() {
        var first = enroll("", device.requestBase64());
        assertThat(first.status()).as(first.toString()).isEqualTo(200);
        assertThat(first.header("Content-Type")).isEqualTo("application/pkcs7-mime; smime-type=certs-only");
        assertThat(first.header("Content-Transfer-Encoding")).isEqualTo("base64");
        assertThat(first.header("Gatehouse-Renew-From")).matches("20[0-9T:-]+Z");
        assertThat(first.header("Gatehouse-Renew-Until")).matches("20[0-9T:-]+Z");
        var certificates = RunningService.certificates(first);
        assertThat(certificates).hasSize(1);
        assertThat(certificates.get(0).getSubjectX500Principal().getName()).isEqualTo("CN=" + device.id());
        assertThat(RunningService.certificates(enroll("", device.requestBase64())))
                .isEqualTo(certificates);
    }

    @Test
    void another_key_for_a_spent_claim_is_a_mismatch() {
        assertThat(enroll("", device.requestBase64()).status()).isEqualTo(200);
        refused(enroll("", device.rekeyed().requestBase64()), 409, "key-mismatch");
    }

    @Test
    void bodies_in_all_shapes_are_taken() throws IOException {
        var base64 = device.requestBase64();
        var lf = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(device.request()) + "\n";
        var crlf = Base64.getMimeEncoder(76, new byte[] {'\r', '\n'}).encodeToString(device.request()) + "\r\n";
        for (var body : List.of(base64, base64 + "\n", lf, crlf)) {
            assertThat(enroll("", body).status()).isEqualTo(200);
            assertThat(enroll("Content-Transfer-Encoding: base64\r\n", body).status())
                    .isEqualTo(200);
        }
        var head = "POST /.well-known/est/simpleenroll HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + credentials;
        var chunked = head + "Content-Type: application/pkcs10; charset=utf-8\r\nTransfer-Encoding: chunked\r\n\r\n"
                + Integer.toHexString(100) + "\r\n" + base64.substring(0, 100) + "\r\n"
                + Integer.toHexString(base64.length() - 100) + "\r\n" + base64.substring(100) + "\r\n0\r\n\r\n";
        assertThat(SERVICE.raw(SERVICE.trusting(), chunked).status()).isEqualTo(200);
        try (var peer = RawPeer.tls(SERVICE.config.enrollPort(), SERVICE.trusting())) {
            peer.send(head + "Content-Type: APPLICATION/PKCS10\r\nExpect: 100-continue\r\nContent-Length: "
                    + base64.length() + "\r\n\r\n");
            assertThat(peer.readOnce()).startsWith("HTTP/1.1 100");
            assertThat(peer.send(base64).readToEnd().status()).isEqualTo(200);
        }
    }

    @Test
    void libest_gets_lines_and_everybody_else_one_line() {
        var libest = enroll("User-Agent: libest/3.2.0p\r\n", device.requestBase64());
        assertThat(libest.body()).endsWith("\n");
        assertThat(libest.body().lines()).allMatch(line -> line.length() <= 64).hasSizeGreaterThan(5);
        var others = enroll("User-Agent: curl/8 libest\r\n", device.requestBase64());
        assertThat(others.body()).doesNotContain("\n");
        assertThat(RunningService.certificates(libest)).isEqualTo(RunningService.certificates(others));
        assertThat(libest.head()).anyMatch(line -> line.startsWith("Content-Length: "));
    }

    @Test
    void strongswan_reads_the_head_in_1024_bytes_and_all_the_rest_at_once() throws IOException {
        var body = device.requestBase64();
        try (var peer = RawPeer.tls(SERVICE.config.enrollPort(), SERVICE.trusting(), "TLSv1.2")) {
            peer.send("POST /.well-known/est/simpleenroll HTTP/1.1\r\nHost: x\r\nContent-Type: application/pkcs10\r\n"
                    + "Content-Length: " + body.length() + "\r\n" + credentials + "\r\n" + body);
            var whole = peer.readOnce();
            assertThat(whole.indexOf("\r\n\r\n")).isBetween(1, 1000);
            int length = Integer.parseInt(whole.replaceAll("(?s).*\r\nContent-Length: ([0-9]+)\r\n.*", "$1"));
            assertThat(whole).hasSize(whole.indexOf("\r\n\r\n") + 4 + length);
        }
    }

    @Test
    void cacerts_needs_nobody_and_names_the_devices_hierarchy_first() throws Exception {
        for (var path : List.of("cacerts", fleet + "/cacerts")) {
            for (var protocol : List.of("TLSv1.2", "TLSv1.3")) {
                var reply = SERVICE.raw(
                        SERVICE.trusting(),
                        "GET /.well-known/est/" + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
                        protocol);
                var certificates = RunningService.certificates(reply);
                assertThat(certificates).hasSize(4);
                assertThat(certificates.get(1).getSubjectX500Principal())
                        .isEqualTo(certificates.get(0).getIssuerX500Principal());
                assertThat(certificates.get(3)).isEqualTo(SERVICE.anchors().get(0));
            }
        }
    }

    @Test
    void csrattrs_is_a_sequence_that_names_p256() {
        var reply = SERVICE.get(SERVICE.trusting(), "/.well-known/est/csrattrs");
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.header("Content-Type")).isEqualTo("application/csrattrs");
        assertThat(Base64.getDecoder().decode(reply.body())).startsWith(0x30);
    }

    @Test
    void what_is_optional_says_that_it_is_not_offered() {
        for (var operation : List.of("fullcmc", "serverkeygen", fleet + "/fullcmc", fleet + "/serverkeygen")) {
            refused(SERVICE.get(SERVICE.trusting(), "/.well-known/est/" + operation), 501, "not-offered");
            refused(SERVICE.est(SERVICE.trusting(), operation, "", "AAAA"), 501, "not-offered");
        }
    }

    @Test
    void a_current_certificate_renews_itself_on_both_operations() {
        var held = SERVICE.enrolled(fleet, device.id());
        var context = held.sslContext(SERVICE.anchors());
        var next = device.rekeyed();
        for (var operation : List.of("simplereenroll", "simpleenroll", fleet + "/simplereenroll")) {
            var reply = SERVICE.est(context, operation, "", next.requestBase64());
            assertThat(RunningService.certificates(reply).get(0).getPublicKey())
                    .isEqualTo(next.key().getPublic());
        }
    }

    @Test
    void the_device_hears_of_itself_and_proves_its_successor_by_asking() {
        var old = SERVICE.enrolled(fleet, device.id()).sslContext(SERVICE.anchors());
        var path = "/.well-known/gatehouse/device";
        assertThat(SERVICE.get(old, path).body())
                .contains("\"device\":\"" + device.id() + "\"", "\"state\":\"active\"", "\"reason\":null", "mqtts://");
        var next = device.rekeyed();
        var held = SERVICE.held(next, SERVICE.est(old, "simplereenroll", "", next.requestBase64()));
        assertThat(SERVICE.get(held.sslContext(SERVICE.anchors()), path).body()).contains("\"reason\":null");
        assertThat(SERVICE.get(old, path).body()).contains("\"reason\":\"superseded\"");
        refused(SERVICE.est(old, "simplereenroll", "", device.rekeyed().requestBase64()), 403, "superseded");
    }

    @Test
    void a_revoked_certificate_is_told_so_and_gets_nothing() {
        var held = SERVICE.enrolled(fleet, device.id());
        SERVICE.rest("POST", "/api/v1/devices/" + device.id() + "/revoke", "{\"waitMillis\":0}", "application/json");
        var context = held.sslContext(SERVICE.anchors());
        refused(SERVICE.est(context, "simplereenroll", "", device.requestBase64()), 403, "revoked");
        refused(SERVICE.est(context, "simpleenroll", "", device.requestBase64()), 403, "revoked");
        assertThat(SERVICE.get(context, "/.well-known/gatehouse/device").body())
                .contains("\"state\":\"revoked\"", "\"reason\":\"revoked\"");
    }

    @Test
    void a_bad_certificate_is_named_and_never_taken_for_nobody() {
        var foreign = RunningService.foreign(device.id()).sslContext(SERVICE.anchors());
        refused(SERVICE.est(foreign, "simplereenroll", "", device.requestBase64()), 403, "unknown-issuer");
        refused(SERVICE.est(foreign, "simpleenroll", credentials, device.requestBase64()), 403, "unknown-issuer");
        refused(SERVICE.get(foreign, "/.well-known/gatehouse/device"), 403, "unknown-issuer");
        var broker = SERVICE.broker.sslContext(SERVICE.anchors());
        assertThat(SERVICE.est(broker, "simplereenroll", "", device.requestBase64())
                        .status())
                .isEqualTo(403);
    }

    @Test
    void all_proofs_must_name_the_same_device() {
        var other = SERVICE.enrolled(fleet, SERVICE.newDeviceName()).sslContext(SERVICE.anchors());
        refused(SERVICE.est(other, "simpleenroll", credentials, device.requestBase64()), 400, "name-mismatch");
        refused(SERVICE.est(other, "simplereenroll", credentials, device.requestBase64()), 400, "name-mismatch");
        refused(
                SERVICE.est(
                        SERVICE.trusting(),
                        "simpleenroll",
                        credentials,
                        TestDevice.named("other").requestBase64()),
                400,
                "name-mismatch");
    }

    @Test
    void nobody_is_challenged_without_a_body() {
        for (var operation : List.of("simpleenroll", "simplereenroll")) {
            var reply = SERVICE.est(SERVICE.trusting(), operation, "", device.requestBase64());
            assertThat(reply.status()).isEqualTo(401);
            assertThat(reply.header("WWW-Authenticate")).isEqualTo("Basic realm=\"gatehouse\"");
            assertThat(reply.header("Content-Length")).isEqualTo("0");
            assertThat(reply.body()).isEmpty();
        }
        for (var wrong : List.of(basic(device.id(), "wrong"), basic("nobody", "x"), "Authorization: Basic !!\r\n")) {
            assertThat(SERVICE.est(SERVICE.trusting(), "simpleenroll", wrong, device.requestBase64())
                            .status())
                    .isEqualTo(401);
        }
    }

    @Test
    void a_body_that_is_no_request_is_refused_with_a_hint() {
        refused(enroll("", "AAAA"), 400, "bad-request");
        refused(enroll("", "!!!!"), 400, "bad-request");
        refused(enroll("", ""), 400, "bad-request");
        assertThat(enroll("", "-----BEGIN CERTIFICATE REQUEST-----\n").body()).contains("PEM");
        refused(enroll("", "A".repeat(30_000)), 413, "too-large");
        refused(enroll("", "A".repeat(70_000)), 413, "too-large");
        var json = "POST /.well-known/est/simpleenroll HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + credentials
                + "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}";
        refused(SERVICE.raw(SERVICE.trusting(), json), 415, "wrong-content-type");
        refused(SERVICE.get(SERVICE.trusting(), "/.well-known/est/simpleenroll"), 405, "method-not-allowed");
    }

    @Test
    void labels_that_are_no_fleet_lead_nowhere() {
        refused(SERVICE.get(SERVICE.trusting(), "/.well-known/est/NO_FLEET/cacerts"), 404, "not-found");
        refused(SERVICE.get(SERVICE.trusting(), "/.well-known/est/cacerts/cacerts"), 404, "not-found");
        refused(SERVICE.get(SERVICE.trusting(), "/.well-known/est/../est/cacerts"), 400, "bad-request");
        refused(
                SERVICE.est(SERVICE.trusting(), "no-such-fleet/simpleenroll", credentials, device.requestBase64()),
                400,
                "wrong-fleet");
        var other = SERVICE.newFleet();
        refused(
                SERVICE.est(SERVICE.trusting(), other + "/simpleenroll", credentials, device.requestBase64()),
                400,
                "wrong-fleet");
    }

    @Test
    void what_was_refused_is_found_by_the_administrator() {
        var name = SERVICE.newDeviceName();
        SERVICE.est(SERVICE.trusting(), "simpleenroll", basic(name, "wrong"), device.requestBase64());
        var items = SERVICE.expect(200, "GET", "/api/v1/refusals", null).path("items");
        assertThat(items).anySatisfy(item -> {
            assertThat(item.path("device").asText()).isEqualTo(name);
            assertThat(item.path("reason").asText()).isEqualTo("wrong-secret");
            assertThat(item.path("where").asText()).isEqualTo("est");
        });
    }

    private static void refused(RawPeer.Reply reply, int status, String word) {
        assertThat(reply.status()).as(reply.toString()).isEqualTo(status);
        assertThat(reply.header("Gatehouse-Reason")).as(reply.toString()).isEqualTo(word);
        if (status != 401) {
            assertThat(reply.header("Content-Type")).startsWith("text/plain");
            assertThat(reply.body()).startsWith(word).hasLineCount(1).endsWith("\n");
        }
    }
}
