package io.gatehouse.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testkit.HeldCertificate;
import io.gatehouse.testkit.TestDevice;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Whoever steals the key of the devices CA still gets nobody in: what was not issued here is not known here. */
@ExtendWith(SharedGatehouse.class)
class ForgedCertificateTest {
    private final String fleet = SharedGatehouse.fresh("forged");
    private final String id = SharedGatehouse.fresh("victim");

    @Test
    void a_certificate_forged_with_the_devices_ca_key_and_a_live_serial_is_refused(Gatehouse gatehouse)
            throws Exception {
        gatehouse.fleet(fleet);
        HeldCertificate genuine = gatehouse.enroll(fleet, id);
        HeldCertificate forged = StolenKeys.devicesCa(gatehouse)
                .device(id, order -> order.serial(genuine.certificate().getSerialNumber()));

        genuine.certificate().verify(gatehouse.devicesCa().getPublicKey());
        forged.certificate().verify(gatehouse.devicesCa().getPublicKey());
        assertThat(forged.certificate().getSerialNumber())
                .isEqualTo(genuine.certificate().getSerialNumber());

        try (MqttPeer device = gatehouse.mqtt(id).with(genuine).connect()) {
            assertThat(gatehouse.mqtt(id).with(forged).refused())
                    .isEqualTo(new MqttPeer.Ending("NOT_AUTHORIZED", "unknown-certificate"));
            assertThat(device.publish("devices/" + id + "/telemetry/t", "still here"))
                    .isEmpty();
        }
        EstClient.Answer reenroll = gatehouse.est(forged).simpleReenroll(TestDevice.named(id));
        assertThat(reenroll.status()).isEqualTo(403);
        assertThat(reenroll.reason()).isEqualTo("unknown-certificate");
        EstClient.Answer device = gatehouse.est(forged).get("/.well-known/gatehouse/device");
        assertThat(device.status()).isEqualTo(403);
        assertThat(device.reason()).isEqualTo("unknown-certificate");
    }

    @Test
    void a_device_certificate_is_no_broker_and_a_broker_is_no_device(Gatehouse gatehouse) throws Exception {
        gatehouse.fleet(fleet);
        HeldCertificate device = gatehouse.enroll(fleet, id);
        EstClient.Answer feed = gatehouse.est(device).get("/admission/v1/feed?version=1");
        assertThat(feed.status()).isEqualTo(403);
        assertThat(feed.reason()).isEqualTo("unknown-issuer");

        HeldCertificate broker = StolenKeys.brokersOwn(gatehouse);
        assertThat(gatehouse.est(broker).get("/admission/v1/feed?version=1").status())
                .isEqualTo(200);
        assertThat(gatehouse.mqtt("b1").with(broker).refused().code())
                .as("the other hierarchy: TLS refuses it")
                .startsWith("closed");
        EstClient.Answer reenroll = gatehouse.est(broker).simpleReenroll(TestDevice.named("b1"));
        assertThat(reenroll.status()).as(reenroll.toString()).isEqualTo(403);
        assertThat(reenroll.reason()).isEqualTo("unknown-issuer");
    }
}
