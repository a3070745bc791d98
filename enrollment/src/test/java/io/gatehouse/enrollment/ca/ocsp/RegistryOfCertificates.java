package io.gatehouse.enrollment.ca.ocsp;

import io.gatehouse.enrollment.app.domain.CertificateStatus;
import io.gatehouse.enrollment.app.domain.DeviceCertificate;
import io.gatehouse.enrollment.app.domain.Proof;
import io.gatehouse.enrollment.app.port.ChangeListener;
import io.gatehouse.enrollment.app.port.Registry;
import io.gatehouse.enrollment.app.port.StatusListener;
import io.gatehouse.enrollment.app.port.Transaction;
import io.gatehouse.enrollment.app.port.View;
import io.gatehouse.identity.CertificateState;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.Fingerprint;
import io.gatehouse.identity.RevocationReason;
import java.lang.reflect.Proxy;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** A registry that knows certificates by issuer and serial, and tells its listeners as the real one does. */
final class RegistryOfCertificates implements Registry {
    private final Map<BigInteger, DeviceCertificate> certificates = new ConcurrentHashMap<>();
    private final List<StatusListener> listeners = new CopyOnWriteArrayList<>();
    private final AtomicInteger reads = new AtomicInteger();
    private volatile Runnable afterReading = () -> {};

    void issue(String issuer, long serial) {
        save(certificate(issuer, serial));
    }

    void revoke(long serial, RevocationReason reason, Instant at) {
        save(find(serial).revoked(reason, at, false));
    }

    void hold(long serial, Instant at) {
        save(find(serial).held(at));
    }

    void release(long serial) {
        save(find(serial).released());
    }

    void supersede(long serial) {
        save(find(serial).superseded());
    }

    /** What happens between a reader's look at the state and its use of it. */
    void afterReading(Runnable what) {
        afterReading = what;
    }

    int reads() {
        return reads.get();
    }

    private DeviceCertificate find(long serial) {
        return certificates.get(BigInteger.valueOf(serial));
    }

    private void save(DeviceCertificate certificate) {
        certificates.put(certificate.serial(), certificate);
        listeners.forEach(listener -> listener.committed(List.of(CertificateStatus.of(certificate))));
    }

    private static DeviceCertificate certificate(String issuer, long serial) {
        var none = Fingerprint.sha256(new byte[0]);
        return new DeviceCertificate(
                none,
                DeviceId.of("d-1"),
                BigInteger.valueOf(serial),
                issuer,
                CertificateState.VALID,
                Optional.empty(),
                Optional.empty(),
                Instant.EPOCH,
                Instant.EPOCH,
                Instant.EPOCH,
                none,
                false,
                Proof.NONE,
                false,
                Optional.empty());
    }

    @Override
    public <T> Commit<T> commit(Function<Transaction, T> work) {
        throw new UnsupportedOperationException("commit");
    }

    @Override
    public <T> T read(Function<View, T> work) {
        reads.incrementAndGet();
        var view = (View) Proxy.newProxyInstance(
                View.class.getClassLoader(), new Class<?>[] {View.class}, (self, method, arguments) -> {
                    if (!method.getName().equals("certificate") || arguments.length != 2) {
                        throw new UnsupportedOperationException(method.getName());
                    }
                    return Optional.ofNullable(certificates.get((BigInteger) arguments[1]))
                            .filter(found -> found.issuer().equals(arguments[0]));
                });
        T value = work.apply(view);
        afterReading.run();
        return value;
    }

    @Override
    public void listen(ChangeListener listener) {
        throw new UnsupportedOperationException("listen");
    }

    @Override
    public void listen(StatusListener listener) {
        listeners.add(listener);
    }
}
