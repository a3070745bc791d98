package io.gatehouse.enrollment.ca;

import io.gatehouse.enrollment.app.domain.CertificateStatus;
import io.gatehouse.enrollment.app.port.ChangeListener;
import io.gatehouse.enrollment.app.port.Registry;
import io.gatehouse.enrollment.app.port.StatusListener;
import io.gatehouse.enrollment.app.port.Transaction;
import io.gatehouse.enrollment.app.port.View;
import io.gatehouse.enrollment.app.port.View.ListedCertificate;
import io.gatehouse.enrollment.app.port.View.StoredCrl;
import java.lang.reflect.Proxy;
import java.math.BigInteger;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Function;

/** A registry that knows only of CRLs and what is on them. */
final class RegistryOfCrls implements Registry {
    private final List<Entry> entries = new ArrayList<>();
    private final Map<String, StoredCrl> stored = new HashMap<>();
    private Runnable delay = () -> {};
    private final List<StatusListener> listeners = new ArrayList<>();
    private final X509Certificate usual;
    private int reads;
    private int saves;

    private record Entry(String issuer, ListedCertificate listed) {}

    /** @param usual the issuer of all certificates of which nothing else is said */
    RegistryOfCrls(X509Certificate usual) {
        this.usual = usual;
    }

    void revoke(long serial, Instant since, int reason, Instant notAfter) {
        revoke(usual, serial, since, reason, notAfter);
    }

    void revokeOf(X509Certificate issuer, long serial, Instant since, Instant notAfter) {
        revoke(issuer, serial, since, 1, notAfter);
    }

    private void revoke(X509Certificate issuer, long serial, Instant since, int reason, Instant notAfter) {
        entries.add(
                new Entry(name(issuer), new ListedCertificate(BigInteger.valueOf(serial), since, reason, notAfter)));
        tell(new CertificateStatus(name(issuer), BigInteger.valueOf(serial), notAfter, Optional.of(since), reason));
    }

    /** A row that changes without anybody being told, as no code of ours does it. */
    void revokeInSecret(long serial, Instant since, Instant notAfter) {
        entries.add(new Entry(name(usual), new ListedCertificate(BigInteger.valueOf(serial), since, 1, notAfter)));
    }

    void release(long serial) {
        entries.removeIf(entry -> entry.listed().serial().equals(BigInteger.valueOf(serial)));
        tell(new CertificateStatus(name(usual), BigInteger.valueOf(serial), Instant.MAX, Optional.empty(), 0));
    }

    private void tell(CertificateStatus status) {
        listeners.forEach(listener -> listener.committed(List.of(status)));
    }

    private static String name(X509Certificate certificate) {
        return certificate.getSubjectX500Principal().getName();
    }

    /** What happens while the list is read, and while a number is saved. */
    void takes(Runnable what) {
        delay = what;
    }

    void forget() {
        stored.clear();
    }

    /** How often the list was read. */
    int reads() {
        return reads;
    }

    /** How many CRLs were made. */
    int saves() {
        return saves;
    }

    Optional<StoredCrl> stored(String name) {
        return Optional.ofNullable(stored.get(name));
    }

    @Override
    public <T> Commit<T> commit(Function<Transaction, T> work) {
        return new Commit<>(work.apply(proxy(Transaction.class)), OptionalLong.empty(), 1, 1);
    }

    @Override
    public <T> T read(Function<View, T> work) {
        return work.apply(proxy(View.class));
    }

    @Override
    public void listen(ChangeListener listener) {
        throw new UnsupportedOperationException("listen");
    }

    @Override
    public void listen(StatusListener listener) {
        listeners.add(listener);
    }

    private <V> V proxy(Class<V> type) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (self, method, arguments) -> answer(method.getName(), arguments)));
    }

    @SuppressWarnings("unchecked") // the only consumer in View's listed
    private Object answer(String method, Object[] arguments) {
        switch (method) {
            case "crl":
                return stored((String) arguments[0]);
            case "save":
                var crl = (StoredCrl) arguments[0];
                stored.put(crl.name(), crl);
                saves++;
                delay.run();
                return null;
            case "listed":
                list((String) arguments[0], (Instant) arguments[1], (Consumer<ListedCertificate>) arguments[2]);
                return null;
            default:
                throw new UnsupportedOperationException(method);
        }
    }

    private void list(String issuer, Instant endingAfter, Consumer<ListedCertificate> sink) {
        reads++;
        List.copyOf(entries).stream()
                .filter(entry -> entry.issuer().equals(issuer))
                .filter(entry -> entry.listed().notAfter().isAfter(endingAfter))
                .map(Entry::listed)
                .forEach(sink);
        delay.run();
    }
}
