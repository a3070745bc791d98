package io.gatehouse.enrollment.edges;

import static io.gatehouse.enrollment.edges.RunningService.basic;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testkit.TestDevice;
import org.junit.jupiter.api.Test;

class EstTest {
    private static final RunningService SERVICE = RunningService.get();

    @Test
    void a_claim_becomes_a_certificate_and_the_same_key_gets_the_same_again() {
        var fleet = SERVICE.newFleet();
        var device = TestDevice.named(SERVICE.newDeviceName());
        var credentials = basic(device.id(), SERVICE.claim(fleet, device.id()));
        var first = SERVICE.est(SERVICE.trusting(), "simpleenroll", credentials, device.requestBase64());
        assertThat(first.status()).as(first.toString()).isEqualTo(200);
        assertThat(first.header("Content-Type")).isEqualTo("application/pkcs7-mime; smime-type=certs-only");
        assertThat(first.header("Content-Transfer-Encoding")).isEqualTo("base64");
        assertThat(first.header("Gatehouse-Renew-From")).matches("20[0-9T:-]+Z");
        assertThat(first.header("Gatehouse-Renew-Until")).matches("20[0-9T:-]+Z");
        var certificates = RunningService.certificates(first);
        assertThat(certificates).hasSize(1);
        assertThat(certificates.get(0).getSubjectX500Principal().getName()).isEqualTo("CN=" + device.id());
        var again = SERVICE.est(SERVICE.trusting(), "simpleenroll", credentials, device.requestBase64());
        assertThat(RunningService.certificates(again)).isEqualTo(certificates);
    }
}
