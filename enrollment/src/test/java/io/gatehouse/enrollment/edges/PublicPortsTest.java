package io.gatehouse.enrollment.edges;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.enrollment.http.RawPeer;
import io.gatehouse.testkit.PemText;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;

/** The pki port, the probes and the metrics; and garbage on every port. */
class PublicPortsTest {
    private static final RunningService SERVICE = RunningService.get();
    private static final List<String> NAMES = List.of("devices-root", "devices", "services-root", "services");
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private static HttpRequest.Builder pki(String path) {
        return HttpRequest.newBuilder(URI.create(SERVICE.pkiUrl() + path));
    }

    @Test
    void crls_and_certificates_are_der_with_their_types() throws Exception {
        var factory = CertificateFactory.getInstance("X.509");
        for (var name : NAMES) {
            var crl = CLIENT.send(pki("/pki/crl/" + name + ".crl").build(), BodyHandlers.ofByteArray());
            assertThat(crl.headers().firstValue("Content-Type")).contains("application/pkix-crl");
            assertThat(crl.headers().firstValue("Cache-Control").orElseThrow()).contains("max-age=");
            var certificate = CLIENT.send(pki("/pki/ca/" + name + ".cer").build(), BodyHandlers.ofByteArray());
            assertThat(certificate.headers().firstValue("Content-Type")).contains("application/pkix-cert");
            var issuer = PemText.parseCertificates(certificate.body()).get(0);
            ((X509CRL) factory.generateCRL(new ByteArrayInputStream(crl.body()))).verify(issuer.getPublicKey());
        }
    }

    @Test
    void what_the_asker_has_already_is_not_sent_again() throws Exception {
        var first = CLIENT.send(pki("/pki/ca/devices.cer").build(), BodyHandlers.ofByteArray());
        var etag = first.headers().firstValue("ETag").orElseThrow();
        for (var known : List.of(etag, "W/" + etag, "\"other\", " + etag, "*")) {
            var again = CLIENT.send(
                    pki("/pki/ca/devices.cer").header("If-None-Match", known).build(), BodyHandlers.ofByteArray());
            assertThat(again.statusCode()).isEqualTo(304);
            assertThat(again.body()).isEmpty();
        }
        var head = CLIENT.send(
                pki("/pki/ca/devices.cer")
                        .method("HEAD", HttpRequest.BodyPublishers.noBody())
                        .build(),
                BodyHandlers.ofByteArray());
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.headers().firstValueAsLong("Content-Length").orElse(0)).isEqualTo(first.body().length);
    }

    @Test
    void what_is_not_there_is_not_there() throws Exception {
        for (var path :
                List.of("/", "/pki/crl/devices", "/pki/crl/other.crl", "/pki/ca/devices.crl", "/pki/crl/DEVICES.crl")) {
            assertThat(CLIENT.send(pki(path).build(), BodyHandlers.ofString()).statusCode())
                    .isEqualTo(404);
        }
    }

    @Test
    void probes_answer_everybody_and_metrics_the_token() {
        for (var path : List.of("/healthz", "/readyz", "/api/v1/openapi.yaml")) {
            var reply = SERVICE.send(HttpRequest.newBuilder(URI.create(SERVICE.adminUrl() + path))
                    .build());
            assertThat(reply.statusCode()).as(reply.body()).isEqualTo(200);
        }
        SERVICE.get(SERVICE.trusting(), "/nothing/here");
        var metrics = SERVICE.rest("GET", "/metrics", null, "");
        assertThat(metrics.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/plain; version=0.0.4");
        assertThat(metrics.body())
                .contains("gatehouse_refusals_total{port=\"enroll\",reason=\"not-found\"}")
                .contains("gatehouse_http_requests_total{method=\"-\",port=\"enroll\",route=\"-\",status=\"404\"}")
                .contains("gatehouse_sessions")
                .contains("gatehouse_crl_next_update_seconds{crl=\"devices\"}")
                .doesNotContain("nothing/here");
    }

    @Test
    void the_status_tells_what_there_is() {
        var status = SERVICE.expect(200, "GET", "/api/v1/status", null);
        assertThat(status.path("provider").asText()).isNotEmpty();
        assertThat(status.path("authorities")).hasSize(4);
        assertThat(status.path("crls")).hasSize(4);
        assertThat(status.path("rootKeys").asText()).isEqualTo("here");
        assertThat(status.path("warnings").toString()).contains("root-keys.pem");
        assertThat(status.path("brokers").path(0).path("name").asText()).isEqualTo("b1");
        assertThat(status.path("since").asText()).matches("20.*Z");
        assertThat(status.path("healthy").asBoolean())
                .isEqualTo(status.path("problems").isEmpty());
    }

    @Test
    void garbage_gets_a_word_on_every_port() throws IOException {
        SSLContext trusting = SERVICE.trusting();
        for (var garbage : List.of(
                "\u0016\u0003\u0001garbage\r\n\r\n",
                "GET / HTTP/1.1\r\n\r\n",
                "GET /" + "a".repeat(20_000) + " HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET /%2e%2e/%2e%2e/etc/passwd HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
                "PUT /nothing HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello",
                "POST /pki/ocsp HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 999999\r\nExpect: 100-continue\r\n\r\n")) {
            for (var peer : List.of(
                    RawPeer.plain(SERVICE.config.pkiPort()),
                    RawPeer.tls(SERVICE.config.enrollPort(), trusting),
                    RawPeer.tls(SERVICE.config.adminPort(), trusting))) {
                try (peer) {
                    var reply = peer.send(garbage).readToEnd();
                    assertThat(reply.status()).isBetween(400, 499);
                    assertThat(reply.header("Content-Type"))
                            .isIn("text/plain; charset=utf-8", "application/problem+json");
                    assertThat(reply.body())
                            .doesNotContain("<")
                            .doesNotContainIgnoringCase("jetty")
                            .doesNotContain("Exception");
                }
            }
        }
    }
}
