package io.gatehouse.enrollment.edges;

import static io.gatehouse.enrollment.edges.RunningService.basic;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.enrollment.http.RawPeer;
import io.gatehouse.testkit.ProcessRun;
import io.gatehouse.testkit.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code est-divergences.md} says and no other test sees. */
class EstDivergencesTest {
    private static final RunningService SERVICE = RunningService.get();

    @TempDir
    private Path directory;

    private final String fleet = SERVICE.newFleet();
    private final String id = SERVICE.newDeviceName();

    @ParameterizedTest
    @ValueSource(strings = {"-tls1", "-tls1_1"})
    void old_versions_of_tls_are_refused(String version) {
        Tools.require("openssl");
        var run = ProcessRun.of("openssl", "s_client", "-connect", "127.0.0.1:" + SERVICE.config.enrollPort(), version)
                .with("-cipher", "DEFAULT:@SECLEVEL=0")
                .run();
        assertThat(run.exit()).isNotZero();
        assertThat(run.both()).contains("alert protocol version");
    }

    @Test
    void attributes_that_mean_nothing_here_are_ignored() throws IOException {
        var config = """
                [req]
                distinguished_name = names
                attributes = attributes
                req_extensions = extensions
                prompt = no
                [names]
                CN = %s
                [attributes]
                challengePassword = no tls-unique of anything
                unstructuredName = another
                1.3.6.1.5.5.7.7.36 = a change of subject name
                [extensions]
                keyUsage = keyEncipherment, keyAgreement
                extendedKeyUsage = clientAuth, emailProtection
                nsComment = hello
                """;
        var reply = enroll(request(config.formatted(id)));
        var certificate = RunningService.certificates(reply).get(0);
        assertThat(certificate.getSubjectX500Principal().getName()).isEqualTo("CN=" + id);
        assertThat(certificate.getKeyUsage()).startsWith(true, false, false);
        assertThat(uses(reply)).containsExactly("1.3.6.1.5.5.7.3.2");
        assertThat(certificate.getNonCriticalExtensionOIDs()).doesNotContain("2.16.840.1.113730.1.13");
    }

    @Test
    void csrattrs_is_in_the_form_that_rfc_7030_had() {
        Tools.require("openssl");
        var bare = SERVICE.get(SERVICE.trusting(), "/.well-known/est/csrattrs");
        var labelled = SERVICE.get(SERVICE.trusting(), "/.well-known/est/" + fleet + "/csrattrs");
        assertThat(labelled.body()).isEqualTo(bare.body());
        var text = ProcessRun.of("openssl", "asn1parse", "-inform", "DER")
                .stdin(Base64.getDecoder().decode(bare.body()))
                .run()
                .ok()
                .out();
        assertThat(text.lines()
                        .map(line -> line.replaceAll(".*: ", "")
                                .replaceAll(" +", " ")
                                .strip()))
                .containsExactly(
                        "SEQUENCE",
                        "SEQUENCE",
                        "OBJECT :id-ecPublicKey",
                        "SET",
                        "OBJECT :prime256v1",
                        "OBJECT :ecdsa-with-SHA256");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /.well-known/est/cacerts",
                "GET /.well-known/est/csrattrs",
                "GET /.well-known/est/nothing",
                "GET /.well-known/est/simpleenroll",
                "POST /.well-known/est/simpleenroll",
                "POST /.well-known/est/simplereenroll",
                "POST /.well-known/est/serverkeygen",
                "GET /.well-known/gatehouse/device"
            })
    void every_answer_is_one_record_with_its_length_in_the_spelling_that_libest_wants(String line) throws IOException {
        for (var protocol : List.of("TLSv1.2", "TLSv1.3")) {
            try (var peer = RawPeer.tls(SERVICE.config.enrollPort(), SERVICE.trusting(), protocol)) {
                peer.send(line + " HTTP/1.1\r\nHost: x\r\n"
                        + (line.startsWith("POST")
                                ? "Content-Type: application/pkcs10\r\nContent-Length: 4\r\n\r\nAAAA"
                                : "\r\n"));
                var whole = peer.readOnce();
                int body = whole.indexOf("\r\n\r\n") + 4;
                assertThat(whole).as(line).contains("\r\nContent-Length: " + (whole.length() - body) + "\r\n");
                assertThat(body).as("strongSwan's first read").isLessThan(1024);
                assertThat(whole).doesNotContainIgnoringCase("\r\ntransfer-encoding:");
            }
        }
    }

    private List<String> uses(RawPeer.Reply reply) {
        try {
            return RunningService.certificates(reply).get(0).getExtendedKeyUsage();
        } catch (java.security.cert.CertificateParsingException e) {
            throw new AssertionError(e);
        }
    }

    private RawPeer.Reply enroll(byte[] request) {
        return SERVICE.est(
                SERVICE.trusting(),
                "simpleenroll",
                basic(id, SERVICE.claim(fleet, id)),
                Base64.getEncoder().encodeToString(request));
    }

    private byte[] request(String config) throws IOException {
        Tools.require("openssl");
        Files.writeString(directory.resolve("req.cnf"), config);
        ProcessRun.of("openssl", "req", "-new", "-nodes", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256")
                .with("-keyout", "a.key", "-config", "req.cnf", "-outform", "DER", "-out", "a.der")
                .in(directory)
                .run()
                .ok();
        return Files.readAllBytes(directory.resolve("a.der"));
    }
}
