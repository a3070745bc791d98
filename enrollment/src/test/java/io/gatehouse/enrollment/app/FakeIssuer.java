package io.gatehouse.enrollment.app;

import io.gatehouse.enrollment.app.port.DevicesCas;
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
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** Issues with the testkit's authorities, and counts. */
public final class FakeIssuer implements Issuer, DevicesCas {
    private final TestAuthority root = TestAuthority.root("Fake devices root");
    /** The first. */
    public final TestAuthority devices = root.devicesCa();

    private final List<TestAuthority> all = new CopyOnWriteArrayList<>(List.of(devices));
    volatile int issuing = 1;
    volatile List<Integer> trusted = List.of(1);
    public final TestAuthority services =
            TestAuthority.root("Fake services root").servicesCa();
    final AtomicInteger issued = new AtomicInteger();
    /** What happens elsewhere while a device's certificate is signed. */
    volatile Runnable meanwhile = () -> {};

    /** A further CA of the devices, as after a start that found one more. */
    TestAuthority another() {
        var fresh = root.intermediate("Fake devices CA " + (all.size() + 1));
        all.add(fresh);
        return fresh;
    }

    /** As after a restore of older files. */
    void forgetLast() {
        all.remove(all.size() - 1);
    }

    @Override
    public List<Named> all() {
        return IntStream.rangeClosed(1, all.size())
                .mapToObj(number -> new Named(
                        number,
                        number == 1 ? "devices" : "devices-" + number,
                        all.get(number - 1).certificate()))
                .toList();
    }

    @Override
    public void use(int generation, List<Integer> generations) {
        issuing = generation;
        trusted = generations;
    }

    @Override
    public X509Certificate issueDevice(DeviceId id, PublicKey key, Instant notBefore, Instant notAfter) {
        issued.incrementAndGet();
        meanwhile.run();
        return all.get(issuing - 1)
                .device(id.value(), order -> of(order, key, notBefore, notAfter))
                .certificate();
    }

    @Override
    public X509Certificate issueServer(
            List<String> hosts, String roleUri, PublicKey key, Instant notBefore, Instant notAfter) {
        return services.server(order -> {
                    of(order, key, notBefore, notAfter).noNames().uri(roleUri);
                    hosts.forEach(order::host);
                })
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
        return all.get(issuing - 1).certificate();
    }

    @Override
    public List<X509Certificate> devicesCas() {
        return all.stream().map(TestAuthority::certificate).toList();
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
