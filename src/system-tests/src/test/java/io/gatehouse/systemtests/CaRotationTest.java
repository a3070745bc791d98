package io.gatehouse.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.gatehouse.testkit.Await;
import io.gatehouse.testkit.HeldCertificate;
import io.gatehouse.testkit.PemText;
import io.gatehouse.testkit.ProcessRun;
import io.gatehouse.testkit.TestDevice;
import io.gatehouse.testkit.Tools;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The devices CA is rotated under live sessions: from the returned root key to the older CA's retirement, none of them ends. */
class CaRotationTest {
    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    private final List<MqttPeer> live = new ArrayList<>();

    @Test
    void nobody_is_disconnected_by_a_whole_rotation() throws Exception {
        Tools.require("openssl", "certtool");
        try (Gatehouse gatehouse = Gatehouse.up()) {
            gatehouse.fleet("f");
            Path rootKeys = takeAway(gatehouse);
            X509Certificate oldCa = gatehouse.devicesCa();
            TestDevice renewing = TestDevice.named("renewing");
            HeldCertificate first = gatehouse.enroll("f", renewing);
            HeldCertificate straggler = gatehouse.enroll("f", "straggler");
            HeldCertificate lost = gatehouse.enroll("f", "lost");
            Path agent = agentEnrolled(gatehouse);
            connected(gatehouse, "renewing", first);
            connected(gatehouse, "application", gatehouse.application("application"));
            for (int i = 0; i < 5; i++) {
                connected(gatehouse, "d-" + i, gatehouse.enroll("f", "d-" + i));
            }

            rotate(gatehouse, rootKeys);
            X509Certificate newCa = PemText.readCertificates(gatehouse.home().resolve("pki/devices.pem"))
                    .get(2);
            allAreLive();

            RotatedGatehouse.awaitState(gatehouse, "devices-2", "issuing");
            assertThat(audited(gatehouse, "ca.take-over").path("detail").path("brokers"))
                    .hasToString("[\"b1\"]");
            allAreLive();
            HeldCertificate fresh = gatehouse.enroll("f", "fresh");
            issuedBy(newCa, fresh.certificate());
            connected(gatehouse, "fresh", fresh);
            assertThat(gatehouse
                            .est()
                            .get("/.well-known/est/cacerts")
                            .expect(200)
                            .certificates())
                    .startsWith(newCa, oldCa)
                    .hasSize(5);

            gatehouse.rest().post("/api/v1/devices/lost/revoke").expect(200);
            othersAgree(gatehouse, oldCa, straggler.certificate(), lost.certificate(), "devices");
            HeldCertificate lostAnew = gatehouse.enroll("f", "lost-anew");
            gatehouse.rest().post("/api/v1/devices/lost-anew/revoke").expect(200);
            othersAgree(gatehouse, newCa, fresh.certificate(), lostAnew.certificate(), "devices-2");

            HeldCertificate renewed = renewed(gatehouse, renewing, first);
            issuedBy(newCa, renewed.certificate());
            gatehouse.est(renewed).get("/.well-known/gatehouse/device").expect(200);
            connected(gatehouse, "renewing", renewed);
            live.remove(0); // its own: the same client id connected anew
            Gatehouse.command("agent", "renew", "--force", "--rekey", "--state", agent.toString())
                    .run()
                    .ok();
            issuedBy(
                    newCa,
                    PemText.readCertificates(agent.resolve("current/device.pem"))
                            .get(0));
            publishedByAgent(agent);
            allAreLive();

            ProcessRun.Result early = gatehouse.cli("ca", "retire", "devices");
            assertThat(early.exit()).isEqualTo(1);
            assertThat(early.err()).contains("live");
            gatehouse.cli("ca", "retire", "devices", "--even-with-live").ok();
            awaitTrusted(gatehouse, List.of("devices-2"));
            allAreLive();
            assertThat(gatehouse.mqtt("straggler").with(straggler).refused().code())
                    .as("refused by TLS itself")
                    .startsWith("closed: ");
            assertThat(PemText.readCertificates(gatehouse.home().resolve("pki/devices.pem")))
                    .contains(newCa)
                    .doesNotContain(oldCa);
            othersSeeTheRevocation(gatehouse, oldCa, lost.certificate(), "devices");

            HeldCertificate back = renewed(gatehouse, TestDevice.named("straggler"), straggler);
            connected(gatehouse, "straggler", back);
            allAreLive();
            live.forEach(MqttPeer::close);
        }
    }

    /** The root keys leave the machine, as `status` asks for. */
    private Path takeAway(Gatehouse gatehouse) throws IOException {
        Path away = directory.resolve("root-keys.pem");
        Files.move(gatehouse.home().resolve("secrets/root-keys.pem"), away);
        return away;
    }

    private void rotate(Gatehouse gatehouse, Path rootKeys) {
        ProcessRun.Result without = gatehouse.cli("ca", "rotate");
        assertThat(without.exit()).isEqualTo(2);
        assertThat(without.err()).contains("--root-key");
        assertThat(gatehouse
                        .cli("ca", "rotate", "--root-key", rootKeys.toString())
                        .ok()
                        .out())
                .contains("made devices-2  sha256:");
        ProcessRun.Result again = gatehouse.cli("ca", "rotate", "--root-key", rootKeys.toString());
        assertThat(again.exit()).as(again.both()).isEqualTo(1);
        assertThat(again.err()).contains("devices-2").contains("not taken over yet");
    }

    private void connected(Gatehouse gatehouse, String id, HeldCertificate certificate) {
        live.add(gatehouse.mqtt(id).with(certificate).connect());
    }

    /** Open, and at work: what is not allowed is still answered on the same connection. */
    private void allAreLive() {
        for (MqttPeer peer : live) {
            assertThat(peer.isOpen()).isTrue();
            assertThat(peer.subscribe("#")).isEqualTo("NOT_AUTHORIZED");
        }
    }

    private static HeldCertificate renewed(Gatehouse gatehouse, TestDevice device, HeldCertificate old) {
        TestDevice next = device.rekeyed();
        X509Certificate certificate =
                gatehouse.est(old).simpleReenroll(next).expect(200).certificate();
        return next.holding(certificate, List.of());
    }

    private Path agentEnrolled(Gatehouse gatehouse) {
        Path state = directory.resolve("agent");
        Gatehouse.command("agent", "enroll", "--url", gatehouse.enrollUrl(), "--device", "agent", "--claim-file", "-")
                .with("--ca", gatehouse.trustFile().toString(), "--state", state.toString())
                .stdin(gatehouse.claim("f", "agent") + "\n")
                .run()
                .ok();
        return state;
    }

    private static void publishedByAgent(Path state) {
        Gatehouse.command("agent", "publish", "devices/agent/telemetry/t", "--message", "x")
                .with("--state", state.toString())
                .run()
                .ok();
    }

    private static void issuedBy(X509Certificate ca, X509Certificate certificate) throws Exception {
        assertThat(certificate.getIssuerX500Principal()).isEqualTo(ca.getSubjectX500Principal());
        certificate.verify(ca.getPublicKey());
    }

    /** What the broker says that its listeners ask for. */
    private static void awaitTrusted(Gatehouse gatehouse, List<String> names) {
        Await.until("the broker trusts " + names, SOON, () -> {
            List<String> trusted = new ArrayList<>();
            for (JsonNode each :
                    gatehouse.rest().get("/api/v1/ca").expect(200).json().path("authorities")) {
                if (each.path("brokers").path(0).path("trusts").asBoolean()) {
                    trusted.add(each.path("name").asText());
                }
            }
            return trusted.equals(names);
        });
    }

    private static JsonNode audited(Gatehouse gatehouse, String action) {
        for (JsonNode entry :
                gatehouse.rest().get("/api/v1/audit").expect(200).json().path("items")) {
            if (entry.path("action").asText().equals(action)) {
                return entry;
            }
        }
        throw new AssertionError("no " + action + " in the audit");
    }

    /** openssl and gnutls, with the CRLs of the whole chain. */
    private void othersAgree(
            Gatehouse gatehouse, X509Certificate ca, X509Certificate good, X509Certificate bad, String name) {
        assertThat(openssl(gatehouse, ca, good, name).ok().out()).contains(": OK");
        assertThat(gnutls(gatehouse, ca, good, name)).contains("Chain verification output: Verified");
        othersSeeTheRevocation(gatehouse, ca, bad, name);
    }

    private void othersSeeTheRevocation(Gatehouse gatehouse, X509Certificate ca, X509Certificate bad, String name) {
        Await.until(
                "openssl sees it",
                SOON,
                () -> openssl(gatehouse, ca, bad, name).both().contains("certificate revoked"));
        assertThat(gnutls(gatehouse, ca, bad, name)).contains("revoked");
    }

    private ProcessRun.Result openssl(Gatehouse gatehouse, X509Certificate ca, X509Certificate device, String name) {
        Path crls = written(
                "crls.pem",
                PemText.block("X509 CRL", crl(gatehouse, "devices-root"))
                        + PemText.block("X509 CRL", crl(gatehouse, name)));
        return ProcessRun.of("openssl", "verify", "-x509_strict", "-crl_check_all", "-purpose", "sslclient")
                .with("-CAfile", write("root.pem", root(gatehouse)), "-untrusted", write("ca.pem", ca))
                .with("-CRLfile", crls.toString(), write("device.pem", device))
                .run();
    }

    private String gnutls(Gatehouse gatehouse, X509Certificate ca, X509Certificate device, String name) {
        Path crl = written("crl.pem", PemText.block("X509 CRL", crl(gatehouse, name)));
        Path chain = written("chain.pem", PemText.certificate(device) + PemText.certificate(ca));
        return ProcessRun.of("certtool", "--verify", "--verify-purpose=1.3.6.1.5.5.7.3.2")
                .with("--load-ca-certificate", write("root.pem", root(gatehouse)), "--load-crl", crl.toString())
                .with("--infile", chain.toString())
                .run()
                .both();
    }

    private String write(String name, X509Certificate certificate) {
        return written(name, PemText.certificate(certificate)).toString();
    }

    private Path written(String name, String text) {
        try {
            return Files.writeString(directory.resolve(name), text);
        } catch (IOException broken) {
            throw new AssertionError(broken);
        }
    }

    private static X509Certificate root(Gatehouse gatehouse) {
        return PemText.readCertificates(gatehouse.home().resolve("pki/devices.pem"))
                .get(0);
    }

    private static byte[] crl(Gatehouse gatehouse, String name) {
        try {
            URI address = URI.create("http://localhost:" + gatehouse.pkiPort() + "/pki/crl/" + name + ".crl");
            var answer = HttpClient.newHttpClient()
                    .send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofByteArray());
            assertThat(answer.statusCode()).isEqualTo(200);
            return answer.body();
        } catch (IOException | InterruptedException broken) {
            throw new AssertionError(broken);
        }
    }
}
