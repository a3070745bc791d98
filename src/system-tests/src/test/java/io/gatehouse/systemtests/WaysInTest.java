package io.gatehouse.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testkit.Await;
import io.gatehouse.testkit.HeldCertificate;
import io.gatehouse.testkit.PemText;
import io.gatehouse.testkit.ProcessRun;
import io.gatehouse.testkit.RunningProcess;
import io.gatehouse.testkit.TestDevice;
import io.gatehouse.testkit.Tools;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A fleet's claim, and a person who approves, by the command line; the devices are curl, strongSwan and the agent. */
@ExtendWith(SharedGatehouse.class)
class WaysInTest {
    @TempDir
    Path directory;

    private final String fleet = SharedGatehouse.fresh("approve");
    private final String id = SharedGatehouse.fresh("p");
    private Path secret;

    @BeforeEach
    void make_the_claim(Gatehouse gatehouse) {
        gatehouse.fleet(fleet);
        secret = directory.resolve("secret");
        ProcessRun.Result made = gatehouse
                .cli("claim", "create", "--fleet", fleet, "--uses", "3", "--allow", "p-*", "--ttl", "PT10M")
                .ok();
        assertThat(made.out()).contains("3 new devices of " + fleet);
        gatehouse
                .cli(
                        "claim",
                        "create",
                        "--fleet",
                        fleet,
                        "--uses",
                        "3",
                        "--allow",
                        "p-*",
                        "--approval",
                        "--out",
                        secret.toString())
                .ok();
    }

    @Test
    void a_device_with_curl_waits_is_approved_and_connects(Gatehouse gatehouse) throws IOException {
        Tools.require("curl");
        TestDevice device = TestDevice.named(id);
        String waiting = curl(gatehouse, device).out();
        assertThat(waiting).contains("HTTP/1.1 202", "Gatehouse-Reason: pending", "Retry-After: ");
        assertThat(gatehouse.cli("pending", "list").ok().out()).contains(id).contains(fleet);
        assertThat(gatehouse.cli("device", "show", id).ok().out()).containsPattern("state +pending");

        assertThat(gatehouse.cli("pending", "approve", id).ok().out()).contains("device " + id + " is approved");
        assertThat(gatehouse.cli("pending", "list").ok().out()).doesNotContain(id);
        String answer = curl(gatehouse, device).out();
        HeldCertificate held = device.holding(certificate(answer), List.of(gatehouse.devicesCa()));
        try (MqttPeer peer = gatehouse.mqtt(id).with(held).connect()) {
            assertThat(peer.publish("devices/" + id + "/telemetry/t", "x")).isEmpty();
        }
        assertThat(certificate(curl(gatehouse, device).out())).isEqualTo(held.certificate());
        assertThat(gatehouse.cli("claim", "list", "--fleet", fleet).ok().out()).containsPattern("1 +3 +true +open");
    }

    @Test
    void a_rejected_device_is_told_so(Gatehouse gatehouse) throws IOException {
        Tools.require("curl");
        TestDevice device = TestDevice.named(id);
        curl(gatehouse, device);
        gatehouse.cli("pending", "reject", id).ok();
        assertThat(curl(gatehouse, device).out()).contains("HTTP/1.1 403", "Gatehouse-Reason: rejected");
        assertThat(gatehouse.cli("pending", "approve", id).exit()).isEqualTo(1);
    }

    @Test
    void strongswan_polls_until_it_is_approved(Gatehouse gatehouse) throws IOException {
        Tools.require("pki");
        TestDevice device = TestDevice.named(id);
        Path request = Files.write(directory.resolve("request.der"), device.request());
        try (RunningProcess pki = ProcessRun.of(
                        "pki", "--est", "--url", gatehouse.enrollUrl(), "--in", request.toString())
                .with("--cacert", gatehouse.trustFile().toString(), "--outform", "pem")
                .with("--userpass", id + ":" + Files.readString(secret).strip())
                .with("--interval", "1", "--maxpolltime", "90")
                .start()) {
            Await.until(
                    "it waits for approval",
                    Duration.ofSeconds(20),
                    () -> gatehouse.cli("pending", "list").ok().out().contains(id));
            gatehouse.cli("pending", "approve", id).ok();
            assertThat(pki.awaitExit(Duration.ofSeconds(60))).isZero();
            assertThat(PemText.parseCertificates(pki.out().getBytes(StandardCharsets.US_ASCII))
                            .get(0)
                            .getPublicKey())
                    .isEqualTo(device.key().getPublic());
        }
    }

    @Test
    void the_agent_says_that_it_waits_and_enrolls_when_it_is_run_again(Gatehouse gatehouse) {
        String[] enroll = {
            "agent",
            "enroll",
            "--url",
            gatehouse.enrollUrl(),
            "--ca",
            gatehouse.trustFile().toString(),
            "--device",
            id,
            "--claim-file",
            secret.toString(),
            "--state",
            directory.resolve("state").toString()
        };
        assertThat(Gatehouse.command(enroll).run().exit()).isEqualTo(8);
        gatehouse.cli("pending", "approve", id).ok();
        assertThat(Gatehouse.command(enroll).run().ok().out()).contains("enrolled as " + id);
    }

    /** With head and body on its output. */
    private ProcessRun.Result curl(Gatehouse gatehouse, TestDevice device) throws IOException {
        Path request = Files.writeString(directory.resolve("request.b64"), device.requestBase64());
        Path config = Files.writeString(
                directory.resolve("curl.conf"),
                "user = \"" + device.id() + ":" + Files.readString(secret).strip() + "\"\n");
        return ProcessRun.of("curl", "-sS", "-i", "-K", config.toString())
                .with("--cacert", gatehouse.trustFile().toString())
                .with("-H", "Content-Type: application/pkcs10", "--data-binary", "@" + request)
                .with(gatehouse.enrollUrl() + "/.well-known/est/" + fleet + "/simpleenroll")
                .run()
                .ok();
    }

    private static X509Certificate certificate(String answer) {
        String body = answer.substring(answer.indexOf("\r\n\r\n") + 4).strip();
        return PemText.parseCertificates(Base64.getDecoder().decode(body)).get(0);
    }
}
