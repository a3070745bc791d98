package io.gatehouse.enrollment.edges;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testkit.HeldCertificate;
import io.gatehouse.testkit.PemText;
import io.gatehouse.testkit.ProcessRun;
import io.gatehouse.testkit.TestDevice;
import io.gatehouse.testkit.Tools;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.est.jcajce.JcaHttpAuthBuilder;
import org.bouncycastle.est.jcajce.JsseESTServiceBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that other people wrote, as they come out of the box. */
class RealClientsTest {
    private static final RunningService SERVICE = RunningService.get();

    @TempDir
    private Path directory;

    private final String fleet = SERVICE.newFleet();
    private final TestDevice device = TestDevice.named(SERVICE.newDeviceName());

    private ProcessRun curl(String... more) {
        Tools.require("curl");
        return ProcessRun.of(
                        "curl",
                        "-sS",
                        "--fail-with-body",
                        "--cacert",
                        SERVICE.trustFile().toString())
                .with(more);
    }

    private Path request() throws Exception {
        return Files.writeString(directory.resolve("a.b64"), device.requestBase64());
    }

    @Test
    void curl_enrolls_and_openssl_verifies_what_it_got() throws Exception {
        Tools.require("openssl");
        var secret = SERVICE.claim(fleet, device.id());
        var answer = curl(
                        "-u",
                        device.id() + ":" + secret,
                        "-H",
                        "Content-Type: application/pkcs10",
                        "--data-binary",
                        "@" + request(),
                        SERVICE.enrollUrl() + "/.well-known/est/simpleenroll")
                .run()
                .ok();
        var pem = certificates(answer.out());
        Files.writeString(directory.resolve("a.pem"), pem);
        var devices = PemText.readCertificates(SERVICE.home.devicesPem());
        var root = Files.writeString(directory.resolve("root.pem"), PemText.certificate(devices.get(0)));
        var ca = Files.writeString(directory.resolve("ca.pem"), PemText.certificate(devices.get(1)));
        ProcessRun.of("openssl", "verify", "-x509_strict", "-purpose", "sslclient")
                .with(
                        "-CAfile",
                        root.toString(),
                        "-untrusted",
                        ca.toString(),
                        directory.resolve("a.pem").toString())
                .run()
                .ok();
    }

    @Test
    void curl_renews_with_its_certificate_over_each_version_of_tls() throws Exception {
        var files = SERVICE.enrolled(fleet, device.id()).writeTo(directory, "a");
        for (var version : List.of(List.of("--tlsv1.2", "--tls-max", "1.2"), List.of("--tlsv1.3"))) {
            curl(version.toArray(String[]::new))
                    .with(
                            "--cert",
                            files.certificates().toString(),
                            "--key",
                            files.key().toString())
                    .with("-H", "Content-Type: application/pkcs10", "--data-binary", "@" + request())
                    .with(SERVICE.enrollUrl() + "/.well-known/est/simplereenroll")
                    .run()
                    .ok();
        }
    }

    @Test
    void curl_is_told_why_it_is_refused() throws Exception {
        var foreign = RunningService.foreign(device.id()).writeTo(directory, "foreign");
        var answer = curl("-D", "-")
                .with(
                        "--cert",
                        foreign.certificates().toString(),
                        "--key",
                        foreign.key().toString())
                .with("-H", "Content-Type: application/pkcs10", "--data-binary", "@" + request())
                .with(SERVICE.enrollUrl() + "/.well-known/est/simplereenroll")
                .run()
                .expect(22);
        assertThat(answer.out()).contains("Gatehouse-Reason: unknown-issuer");
    }

    @Test
    void strongswan_fetches_the_cas_enrolls_and_renews() throws Exception {
        Tools.require("pki");
        var csr = Files.write(directory.resolve("a.der"), device.request());
        ProcessRun.of(
                        "pki",
                        "--estca",
                        "--url",
                        SERVICE.enrollUrl(),
                        "--cacert",
                        SERVICE.trustFile().toString())
                .with("--caout", directory.resolve("ca").toString(), "--outform", "pem", "--force")
                .run()
                .ok();
        var enrolled = ProcessRun.of("pki", "--est", "--url", SERVICE.enrollUrl(), "--in", csr.toString())
                .with("--cacert", SERVICE.trustFile().toString())
                .with("--userpass", device.id() + ":" + SERVICE.claim(fleet, device.id()), "--outform", "pem")
                .run()
                .ok();
        var held = device.holding(PemText.parseCertificates(enrolled.outBytes()).get(0), List.of());
        var files = held.writeTo(directory, "a");
        var next = device.rekeyed();
        var renewed = ProcessRun.of("pki", "--est", "--url", SERVICE.enrollUrl())
                .with(
                        "--in",
                        Files.write(directory.resolve("b.der"), next.requestWithoutSubject())
                                .toString())
                .with("--cacert", SERVICE.trustFile().toString())
                .with(
                        "--cert",
                        files.certificates().toString(),
                        "--key",
                        files.key().toString())
                .with("--outform", "pem")
                .run();
        // a request without names is what DESIGN allows on renewal
        assertThat(PemText.parseCertificates(renewed.ok().outBytes()).get(0).getPublicKey())
                .isEqualTo(next.key().getPublic());
    }

    @Test
    void bouncy_castle_asks_is_challenged_and_enrolls() throws Exception {
        var service = new JsseESTServiceBuilder(
                        "127.0.0.1:" + SERVICE.config.enrollPort(), (javax.net.ssl.X509TrustManager)
                                HeldCertificate.trust(SERVICE.anchors()).getTrustManagers()[0])
                .build();
        assertThat(service.getCACerts().getCertificateStore().getMatches(null)).hasSize(4);
        assertThat(service.getCSRAttributes().getAttributesResponse().getRequirements())
                .hasSize(2);
        var secret = SERVICE.claim(fleet, device.id());
        var auth = new JcaHttpAuthBuilder("gatehouse", device.id(), secret.toCharArray()).build();
        var answer = service.simpleEnroll(false, new PKCS10CertificationRequest(device.request()), auth);
        assertThat(answer.isCompleted()).isTrue();
        assertThat(answer.getStore().getMatches(null))
                .singleElement()
                .satisfies(certificate -> assertThat(((X509CertificateHolder) certificate)
                                .getSubject()
                                .toString())
                        .isEqualTo("CN=" + device.id()));
    }

    @Test
    void bouncy_castle_understands_that_it_waits_and_asks_again() throws Exception {
        var service = new JsseESTServiceBuilder(
                        "127.0.0.1:" + SERVICE.config.enrollPort(), (javax.net.ssl.X509TrustManager)
                                HeldCertificate.trust(SERVICE.anchors()).getTrustManagers()[0])
                .build();
        var claim = SERVICE.expect(
                201,
                "POST",
                "/api/v1/claims",
                java.util.Map.of("fleet", fleet, "uses", 2, "approval", true, "allowedIds", List.of("d-*")));
        var auth = new JcaHttpAuthBuilder(
                        "gatehouse", device.id(), claim.path("secret").asText().toCharArray())
                .build();
        var request = new PKCS10CertificationRequest(device.request());
        var first = service.simpleEnroll(false, request, auth);
        assertThat(first.isCompleted()).isFalse();
        assertThat(first.getNotBefore()).isPositive();

        SERVICE.expect(200, "POST", "/api/v1/pending/" + device.id() + "/approve", null);
        assertThat(service.simpleEnroll(false, request, auth).isCompleted()).isTrue();
    }

    /** The PEM of what is in a base64 certs-only answer, by openssl. */
    private static String certificates(String base64) {
        var der = java.util.Base64.getDecoder().decode(base64);
        return ProcessRun.of("openssl", "pkcs7", "-inform", "DER", "-print_certs")
                .stdin(der)
                .run()
                .ok()
                .out();
    }
}
