package io.gatehouse.enrollment.edges;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.enrollment.http.RawPeer;
import io.gatehouse.identity.Fingerprint;
import io.gatehouse.testkit.HeldCertificate;
import io.gatehouse.testkit.Keys;
import io.gatehouse.testkit.PemText;
import io.gatehouse.testkit.ProcessRun;
import io.gatehouse.testkit.Tools;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.Base64;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The requests of {@code tedge cert download c8y} and {@code tedge cert renew c8y} of thin-edge.io, byte for byte but for the key, the id
 * and the password: polled with a one-time password until the answer is 200, the body being the inner lines of a PEM request whose
 * subject has an organization.
 */
class ThinEdgeTest {
    private static final RunningService SERVICE = RunningService.get();

    @TempDir
    private Path directory;

    private final String fleet = SERVICE.newFleet();
    private final String id = SERVICE.newDeviceName();
    private final String password = "Kq2!one-time_password-of-" + id;
    private final KeyPair key = Keys.p256();
    private String body;

    @BeforeEach
    void make_the_request() throws IOException {
        Tools.require("openssl");
        body = request(key);
    }

    /** The lines between BEGIN and END, each with its line feed. */
    private String request(KeyPair key) throws IOException {
        var file = Files.writeString(directory.resolve("key"), PemText.privateKey(key.getPrivate()));
        return ProcessRun.of("openssl", "req", "-new", "-key", file.toString())
                .with("-subj", "/CN=" + id + "/O=Thin Edge/OU=Test Device")
                .run()
                .ok()
                .out()
                .replace("-----BEGIN CERTIFICATE REQUEST-----\n", "")
                .replace("-----END CERTIFICATE REQUEST-----\n", "");
    }

    private RawPeer.Reply download() {
        var credentials = Base64.getEncoder().encodeToString((id + ":" + password).getBytes(StandardCharsets.UTF_8));
        return post(SERVICE.trusting(), "simpleenroll", "authorization: Basic " + credentials + "\r\n", body);
    }

    private static RawPeer.Reply post(SSLContext context, String operation, String authorization, String body) {
        return SERVICE.raw(
                context,
                "POST /.well-known/est/" + operation + " HTTP/1.1\r\n" + authorization
                        + "content-type: application/pkcs10\r\naccept: */*\r\nhost: 127.0.0.1:"
                        + SERVICE.config.enrollPort() + "\r\nconnection: close\r\ncontent-length: " + body.length()
                        + "\r\n\r\n" + body);
    }

    @Test
    void polls_with_its_one_time_password_until_it_is_registered_and_then_renews() throws IOException {
        assertThat(download().status()).isEqualTo(401);
        SERVICE.expect(201, "POST", "/api/v1/claims", registration(false));
        var enrolled = RunningService.certificates(download());
        assertThat(enrolled).hasSize(1);
        assertThat(enrolled.get(0).getSubjectX500Principal().getName()).isEqualTo("CN=" + id);
        assertThat(RunningService.certificates(download())).isEqualTo(enrolled);

        var held = new HeldCertificate(key, enrolled.get(0), enrolled);
        var renewed = post(held.sslContext(SERVICE.anchors()), "simplereenroll", "", request(Keys.p256()));
        assertThat(RunningService.certificates(renewed)).hasSize(1).isNotEqualTo(enrolled);
    }

    @Test
    void polls_through_an_approval() {
        SERVICE.expect(201, "POST", "/api/v1/claims", registration(true));
        for (int i = 0; i < 3; i++) {
            assertThat(download().status()).isEqualTo(202);
        }
        SERVICE.expect(200, "POST", "/api/v1/pending/" + id + "/approve", null);
        assertThat(RunningService.certificates(download())).hasSize(1);
    }

    /** What an administrator types: the password never leaves the device and the administrator. */
    private Map<String, Object> registration(boolean approval) {
        return Map.of(
                "fleet",
                fleet,
                "device",
                id,
                "approval",
                approval,
                "secretSha256",
                Fingerprint.sha256(password.getBytes(StandardCharsets.UTF_8)).hex());
    }
}
