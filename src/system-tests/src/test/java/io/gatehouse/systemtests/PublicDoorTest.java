package io.gatehouse.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testkit.Await;
import io.gatehouse.testkit.FreePorts;
import io.gatehouse.testkit.HeldCertificate;
import io.gatehouse.testkit.PemText;
import io.gatehouse.testkit.ProcessRun;
import io.gatehouse.testkit.RunningProcess;
import io.gatehouse.testkit.TestAuthority;
import io.gatehouse.testkit.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Service and broker with a certificate of another CA beside their own, as openssl, curl and mosquitto see them. */
class PublicDoorTest {
    private static final Duration READY = Duration.ofSeconds(90);
    /** The extension looks every 30 seconds, HiveMQ every 10. */
    private static final Duration SOON = Duration.ofSeconds(90);

    private static final TestAuthority ROOT = TestAuthority.root("Public root");
    private static final TestAuthority CA = ROOT.intermediate("Public CA");

    @TempDir
    Path directory;

    @Test
    void clients_that_know_only_the_public_root_come_in_and_a_renewal_drops_nobody() throws IOException {
        Tools.require("openssl", "curl", "mosquitto_pub", "mosquitto_sub");
        Path root = Files.writeString(directory.resolve("root.pem"), PemText.certificate(ROOT.certificate()));
        HeldCertificate first = write();
        int port = FreePorts.take(1).get(0);
        try (Gatehouse gatehouse = Gatehouse.up()) {
            assertThat(gatehouse.stop()).isZero();
            Files.writeString(
                    gatehouse.home().resolve("gatehouse.toml"),
                    "\npublic-certificate = \"" + directory.resolve("chain.pem") + "\"\npublic-certificate-key = \""
                            + directory.resolve("key.pem") + "\"\npublic-mqtt-port = " + port + "\n",
                    StandardOpenOption.APPEND);
            try (RunningProcess up = Gatehouse.command(
                            "up", "--home", gatehouse.home().toString())
                    .start()) {
                up.awaitOutput("Gatehouse is ready", READY);
                gatehouse.fleet("f");
                HeldCertificate device = gatehouse.enroll("f", "d-1");
                HeldCertificate.PemFiles files = device.writeTo(directory, "device");

                String url = "https://www.example.com:" + gatehouse.enrollPort() + "/.well-known/est/cacerts";
                ProcessRun.of("curl", "-s", "-f", "--cacert", root.toString(), url)
                        .with("--resolve", "www.example.com:" + gatehouse.enrollPort() + ":127.0.0.1")
                        .run()
                        .ok();
                assertThat(shown(port, root)).isEqualTo(serial(first));
                assertThat(publish(gatehouse.mqttPort(), gatehouse.trustFile(), files)
                                .exit())
                        .as("the door that agents use")
                        .isZero();
                assertThat(publish(port, root, files).both()).isEmpty();
                assertThat(gatehouse.mqtt("d-1").with(device).connect().publish("devices/d-1/telemetry/t", "x"))
                        .isEmpty();

                try (RunningProcess listening = mosquitto("mosquitto_sub", port, root, files)
                        .with("-t", "devices/d-1/commands/#", "-v")
                        .start()) {
                    Await.until("it listens", SOON, () -> sessions(gatehouse) == 1);
                    HeldCertificate second = write();
                    Await.until(
                            "HiveMQ shows the renewed one",
                            SOON,
                            () -> shown(port, root).equals(serial(second)));
                    assertThat(listening.isAlive()).as("a session of before").isTrue();
                    assertThat(sessions(gatehouse)).isEqualTo(1);
                    listening.kill();
                }
                up.terminate();
                up.awaitExit(READY);
            }
        }
    }

    @Test
    void a_pair_that_does_not_fit_ends_up_with_2_and_names_the_file() throws IOException {
        Path home = directory.resolve("home");
        Path unlock = Files.writeString(directory.resolve("unlock"), "a passphrase for this test\n");
        Files.setPosixFilePermissions(unlock, PosixFilePermissions.fromString("rw-------"));
        Gatehouse.command("init", "--home", home.toString(), "--unlock-file", unlock.toString())
                .with(Gatehouse.anyPorts())
                .run()
                .ok();
        write();
        Files.writeString(directory.resolve("key.pem"), PemText.privateKey(server().privateKey()));
        Files.writeString(
                home.resolve("gatehouse.toml"),
                "\npublic-certificate = \"" + directory.resolve("chain.pem") + "\"\npublic-certificate-key = \""
                        + directory.resolve("key.pem") + "\"\n",
                StandardOpenOption.APPEND);
        ProcessRun.Result ended = Gatehouse.command("up", "--home", home.toString(), "--unlock-file", unlock.toString())
                .run()
                .expect(2);
        assertThat(ended.err())
                .contains("public-certificate-key", "key.pem", "is not the key of")
                .doesNotContain("\tat ");
    }

    private static int sessions(Gatehouse gatehouse) {
        return gatehouse
                .rest()
                .get("/api/v1/devices/d-1")
                .expect(200)
                .json()
                .path("sessions")
                .size();
    }

    private static ProcessRun.Result publish(int port, Path root, HeldCertificate.PemFiles device) {
        return mosquitto("mosquitto_pub", port, root, device)
                .with("-t", "devices/d-1/telemetry/t", "-m", "x", "-q", "1")
                .run();
    }

    /** For a name that the public certificate does not hold, mosquitto would refuse: it is told to look at the chain only. */
    private static ProcessRun mosquitto(String tool, int port, Path root, HeldCertificate.PemFiles device) {
        return ProcessRun.of(tool, "-V", "5", "-h", "127.0.0.1", "-p", "" + port, "-i", "d-1", "--insecure")
                .with("--cafile", root.toString())
                .with(
                        "--cert",
                        device.certificates().toString(),
                        "--key",
                        device.key().toString());
    }

    private static String shown(int port, Path root) {
        ProcessRun.Result said = ProcessRun.of("openssl", "s_client", "-connect", "127.0.0.1:" + port)
                .with("-CAfile", root.toString(), "-verify_hostname", "www.example.com", "-verify_return_error")
                .stdin("")
                .run();
        int begin = said.both().indexOf("-----BEGIN");
        return begin < 0
                ? said.both()
                : PemText.parseCertificates(
                                said.both().substring(begin).getBytes(java.nio.charset.StandardCharsets.US_ASCII))
                        .get(0)
                        .getSerialNumber()
                        .toString(16);
    }

    private static String serial(HeldCertificate held) {
        return held.certificate().getSerialNumber().toString(16);
    }

    private HeldCertificate write() throws IOException {
        HeldCertificate held = server();
        Path key = directory.resolve("key.pem");
        if (!Files.exists(key)) {
            Files.createFile(key, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
        Files.writeString(key, PemText.privateKey(held.privateKey()));
        Files.writeString(directory.resolve("chain.pem"), PemText.certificates(held.chain()));
        return held;
    }

    private static HeldCertificate server() {
        return CA.server(order -> order.noNames().host("www.example.com"));
    }
}
