package io.gatehouse.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testkit.HeldCertificate;
import io.gatehouse.testkit.PemText;
import io.gatehouse.testkit.ProcessRun;
import io.gatehouse.testkit.TestDevice;
import io.gatehouse.testkit.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** strongSwan's {@code pki} as the enroller: the strictest EST client in the wild. */
@ExtendWith(SharedGatehouse.class)
class StrongSwanTest {
    @TempDir
    Path directory;

    private final String fleet = SharedGatehouse.fresh("swan");
    private final String id = SharedGatehouse.fresh("s");

    @BeforeEach
    void make_the_fleet(Gatehouse gatehouse) {
        Tools.require("pki");
        gatehouse.fleet(fleet);
    }

    @Test
    void enrolls_connects_and_renews_with_a_new_key(Gatehouse gatehouse) throws IOException {
        TestDevice device = TestDevice.named(id);
        X509Certificate first = enroll(gatehouse, device, "--userpass", id + ":" + gatehouse.claim(fleet, id));
        HeldCertificate held = device.holding(first, List.of(gatehouse.devicesCa()));
        assertAdmitted(gatehouse, held);

        TestDevice renewed = device.rekeyed();
        HeldCertificate.PemFiles old = held.writeTo(directory, "old");
        Path leaf = Files.writeString(directory.resolve("old-leaf.pem"), PemText.certificate(first));
        X509Certificate second = enroll(
                gatehouse,
                renewed,
                "--cert",
                leaf.toString(),
                "--key",
                old.key().toString());
        assertThat(second.getSubjectX500Principal()).isEqualTo(first.getSubjectX500Principal());
        assertThat(second.getPublicKey()).isEqualTo(renewed.key().getPublic());
        assertAdmitted(gatehouse, renewed.holding(second, List.of(gatehouse.devicesCa())));
    }

    @Test
    void is_told_when_the_secret_is_wrong(Gatehouse gatehouse) throws IOException {
        gatehouse.claim(fleet, id);
        ProcessRun.Result refused = est(gatehouse, TestDevice.named(id), "--userpass", id + ":wrong");
        assertThat(refused.exit()).isNotZero();
        assertThat(refused.both()).contains("401");
    }

    @Test
    void reads_the_authorities(Gatehouse gatehouse) throws IOException {
        ProcessRun.of("pki", "--estca", "--url", gatehouse.enrollUrl())
                .with("--cacert", gatehouse.trustFile().toString())
                .with("--caout", directory.resolve("ca").toString(), "--outform", "pem", "--force")
                .run()
                .ok();
        List<X509Certificate> expected = new ArrayList<>(gatehouse.trust());
        expected.addAll(PemText.readCertificates(gatehouse.home().resolve("pki/devices.pem")));
        assertThat(authoritiesWritten()).containsAll(expected).hasSize(4);
    }

    /** One file an authority: ca.pem, ca-1.pem, ... */
    private List<X509Certificate> authoritiesWritten() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().matches("ca.*\\.pem"))
                    .flatMap(file -> PemText.readCertificates(file).stream())
                    .toList();
        }
    }

    private void assertAdmitted(Gatehouse gatehouse, HeldCertificate held) {
        try (MqttPeer peer = gatehouse.mqtt(id).with(held).connect()) {
            assertThat(peer.publish("devices/" + id + "/telemetry/t", "x")).isEmpty();
        }
    }

    private X509Certificate enroll(Gatehouse gatehouse, TestDevice device, String... credentials) throws IOException {
        return PemText.parseCertificates(
                        est(gatehouse, device, credentials).ok().outBytes())
                .get(0);
    }

    private ProcessRun.Result est(Gatehouse gatehouse, TestDevice device, String... credentials) throws IOException {
        Path request = Files.write(directory.resolve("request.der"), device.request());
        return ProcessRun.of("pki", "--est", "--url", gatehouse.enrollUrl(), "--in", request.toString())
                .with("--cacert", gatehouse.trustFile().toString(), "--outform", "pem")
                .with(credentials)
                .run();
    }
}
