package io.gatehouse.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testkit.HeldCertificate;
import io.gatehouse.testkit.TestDevice;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Four clients that other people wrote enroll a device and renew it, over both versions of TLS; the broker admits what they got. */
@ExtendWith(SharedGatehouse.class)
class EstProgramsTest {
    @TempDir
    Path directory;

    private final String fleet = SharedGatehouse.fresh("programs");
    private final String id = SharedGatehouse.fresh("p");

    @ParameterizedTest(name = "{0} over {1}")
    @CsvSource({
        "strongSwan, TLSv1.2",
        "strongSwan, TLSv1.3",
        "curl, TLSv1.2",
        "curl, TLSv1.3",
        "Node, TLSv1.2",
        "Node, TLSv1.3",
        "BouncyCastle, TLSv1.2",
        "BouncyCastle, TLSv1.3",
    })
    void enrolls_then_renews_with_the_same_key_and_with_a_new_one(String name, String tls, Gatehouse gatehouse)
            throws Exception {
        EstProgram program = EstProgram.of(name, gatehouse, directory, tls);
        gatehouse.fleet(fleet);
        TestDevice device = TestDevice.named(id);
        X509Certificate first = program.enroll(device, gatehouse.claim(fleet, id));
        assertThat(first.getPublicKey()).isEqualTo(device.key().getPublic());

        HeldCertificate holdingFirst = device.holding(first, List.of(gatehouse.devicesCa()));
        X509Certificate second = program.renew(holdingFirst, device);
        assertThat(second.getPublicKey()).isEqualTo(first.getPublicKey());
        assertThat(second.getSerialNumber()).isNotEqualTo(first.getSerialNumber());
        assertThat(second.getSubjectX500Principal()).isEqualTo(first.getSubjectX500Principal());

        TestDevice next = device.rekeyed();
        HeldCertificate holdingSecond = device.holding(second, List.of(gatehouse.devicesCa()));
        X509Certificate third = program.renew(holdingSecond, next);
        assertThat(third.getPublicKey()).isEqualTo(next.key().getPublic());
        assertThat(third.getSubjectX500Principal()).isEqualTo(first.getSubjectX500Principal());

        HeldCertificate held = next.holding(third, List.of(gatehouse.devicesCa()));
        try (MqttPeer peer = gatehouse.mqtt(id).with(held).connect()) {
            assertThat(peer.publish("devices/" + id + "/telemetry/t", "x")).isEmpty();
        }
    }
}
