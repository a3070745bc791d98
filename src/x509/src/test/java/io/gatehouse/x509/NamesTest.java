package io.gatehouse.x509;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.identity.BrokerName;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.testkit.TestAuthority;
import io.gatehouse.x509.der.MalformedException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {
    private static final TrustDomain DOMAIN = TrustDomain.of("gatehouse.internal");
    private static final TestAuthority CA = TestAuthority.root().devicesCa();

    @Test
    void each_identity_is_read_back_from_its_uri() {
        assertThat(SpiffeId.parse(DOMAIN.device(DeviceId.of("d-1"))))
                .contains(new SpiffeId.Device(DOMAIN, DeviceId.of("d-1")));
        assertThat(SpiffeId.parse(DOMAIN.enrollmentService())).contains(new SpiffeId.EnrollmentService(DOMAIN));
        assertThat(SpiffeId.parse(DOMAIN.broker("b1"))).contains(new SpiffeId.Broker(DOMAIN, BrokerName.of("b1")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "spiffe://",
                "spiffe:///device/d",
                "spiffe://gatehouse.internal",
                "spiffe://gatehouse.internal/device/",
                "spiffe://gatehouse.internal/device/d/",
                "spiffe://gatehouse.internal/device/a/b",
                "spiffe://GATEHOUSE/device/d",
                "SPIFFE://gatehouse.internal/device/d",
                "spiffe://user@gatehouse.internal/device/d",
                "spiffe://gatehouse.internal:1/device/d",
                "spiffe://gatehouse.internal/Device/d",
                "spiffe://gatehouse.internal/device/d?x",
                "spiffe://gatehouse.internal/device/d#x",
                "spiffe://gatehouse.internal/device/%64",
                "spiffe://gatehouse.internal/service/enrollment/",
                "spiffe://gatehouse.internal/broker/B1",
                "spiffe://gatehouse.internal/broker/b1\n",
                "https://gatehouse.internal/device/d"
            })
    void nothing_else_is_an_identity(String uri) {
        assertThat(SpiffeId.parse(uri)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "A", "a..b", ".a", "a.", "-a", "a-", "a_b", "a b", "ä"})
    void refuses_what_is_no_trust_domain(String name) {
        assertThat(TrustDomain.parse(name)).isEmpty();
        assertThatThrownBy(() -> TrustDomain.of(name)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_device_is_named_by_its_uri_and_its_common_name_together() {
        assertThat(Certificates.deviceId(CA.device("d-1").certificate(), DOMAIN))
                .contains(DeviceId.of("d-1"));
        assertThat(Certificates.deviceId(CA.device("d-1").certificate(), TrustDomain.of("other.internal")))
                .isEmpty();
        var two = CA.device("d-1", order -> order.uri("spiffe://gatehouse.internal/device/d-2"));
        assertThat(Certificates.deviceId(two.certificate(), DOMAIN)).isEmpty();
        var server = CA.server(order -> order.uri("spiffe://gatehouse.internal/service/enrollment"));
        assertThat(Certificates.deviceId(server.certificate(), DOMAIN)).isEmpty();
    }

    @Test
    void a_certificate_fills_its_bytes() throws Exception {
        var der = CA.certificate().getEncoded();
        assertThat(Certificates.parse(der)).isEqualTo(CA.certificate());
        assertThatThrownBy(() -> Certificates.parse(Arrays.copyOf(der, der.length + 1)))
                .isInstanceOf(MalformedException.class);
        for (var length = 0; length < der.length; length += 7) {
            var cut = Arrays.copyOf(der, length);
            assertThatThrownBy(() -> Certificates.parse(cut)).isInstanceOf(MalformedException.class);
        }
    }

    @Test
    void only_a_root_is_self_signed() {
        assertThat(Certificates.isSelfSigned(CA.rootCertificate())).isTrue();
        assertThat(Certificates.isSelfSigned(CA.certificate())).isFalse();
    }
}
