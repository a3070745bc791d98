package io.gatehouse.enrollment.app;

import io.gatehouse.enrollment.app.port.Issuer;
import io.gatehouse.identity.BrokerName;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.testkit.CertificateOrder;
import io.gatehouse.testkit.TestAuthority;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Issues with the testkit's authorities, and counts. */
public final class FakeIssuer implements Issuer {
    public final TestAuthority devices = TestAuthority.root("Fake devices root").devicesCa();
    public final TestAuthority services =
            TestAuthority.root("Fake services root").servicesCa();
    final AtomicInteger issued = new AtomicInteger();
    /** What happens elsewhere while a device's certificate is signed. */
    volatile Runnable meanwhile = () -> {};

    @Override
    public X509Certificate issueDevice(DeviceId id, PublicKey key, Instant notBefore, Instant notAfter) {
        issued.incrementAndGet();
        meanwhile.run();
        return devices.device(id.value(), order -> of(order, key, notBefore, notAfter))
                .certificate();
    }

    @Override
    public X509Certificate issueServer(
            List<String> hosts, String roleUri, PublicKey key, Instant notBefore, Instant notAfter) {
        return services.server(order -> of(order, key, notBefore, notAfter).uri(roleUri))
                .certificate();
    }

    @Override
    public X509Certificate issueFeed(BrokerName broker, PublicKey key, Instant notBefore, Instant notAfter) {
        return services.device(
                        broker.value(),
                        order -> of(order, key, notBefore, notAfter)
                                .noNames()
                                .uri("spiffe://gatehouse.internal/broker/" + broker))
                .certificate();
    }

    private static CertificateOrder of(CertificateOrder order, PublicKey key, Instant notBefore, Instant notAfter) {
        return order.key(new KeyPair(key, null)).validity(notBefore, notAfter);
    }

    @Override
    public List<X509Certificate> estCaCerts() {
        return List.of(devicesCa(), devicesRoot(), servicesCa(), servicesRoot());
    }

    @Override
    public X509Certificate devicesCa() {
        return devices.certificate();
    }

    @Override
    public List<X509Certificate> devicesCas() {
        return List.of(devicesCa());
    }

    @Override
    public X509Certificate devicesRoot() {
        return devices.rootCertificate();
    }

    @Override
    public X509Certificate servicesCa() {
        return services.certificate();
    }

    @Override
    public X509Certificate servicesRoot() {
        return services.rootCertificate();
    }
}
