package io.gatehouse.broker.monitor;

import io.gatehouse.identity.RefusalReason;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;

/**
 * Counts failed TLS handshakes by reason, and lets a few a second of those that concern a client's certificate be told to the service.
 * HiveMQ tells extensions nothing of them and logs them at DEBUG, so {@link TlsLog} listens there. Thread-safe; never throws, never
 * waits.
 */
public final class TlsRefusals {
    private static final int TOLD_A_SECOND = 5;
    private static final Duration OWN_PROBE = Duration.ofSeconds(1);

    private final InstantSource clock;
    private final BiConsumer<RefusalReason, String> evidence;
    private final Map<TlsReason, LongAdder> counts = new EnumMap<>(TlsReason.class);
    private long second;
    private int told;
    private int probes;
    private Instant probed = Instant.EPOCH;

    /** {@code evidence} hears a reason and the client's address. */
    public TlsRefusals(InstantSource clock, BiConsumer<RefusalReason, String> evidence) {
        this.clock = clock;
        this.evidence = evidence;
        for (var reason : TlsReason.values()) {
            counts.put(reason, new LongAdder());
        }
    }

    /** We are about to ask a listener of our own broker what it trusts, and have no certificate ourselves. */
    public synchronized void probing() {
        var now = clock.instant();
        probes = probed.plus(OWN_PROBE).isBefore(now) ? 1 : probes + 1;
        probed = now;
    }

    void notTls() {
        count(TlsReason.NOT_TLS);
    }

    void failed(String address, String message) {
        var reason = TlsReason.of(message);
        if (reason == TlsReason.NO_CERTIFICATE && isOurs(address)) {
            return;
        }
        count(reason);
        if (reason.evidence().isPresent() && mayTell()) {
            evidence.accept(reason.evidence().get(), address);
        }
    }

    private void count(TlsReason reason) {
        var count = counts.get(reason);
        if (count != null) {
            count.increment();
        }
    }

    long count(String word) {
        return counts.entrySet().stream()
                .filter(each -> each.getKey().word().equals(word))
                .mapToLong(each -> each.getValue().sum())
                .sum();
    }

    /** A listener is asked on this machine's own address; what HiveMQ says of that comes at once, or not at all. */
    private synchronized boolean isOurs(String address) {
        if (probes == 0 || probed.plus(OWN_PROBE).isBefore(clock.instant()) || !isLocal(address)) {
            return false;
        }
        probes--;
        return true;
    }

    private static boolean isLocal(String address) {
        try {
            // An address in figures, for which nobody is asked.
            return address.matches("[0-9a-fA-F:.%]+")
                    && InetAddress.getByName(address).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    private synchronized boolean mayTell() {
        long now = clock.instant().getEpochSecond();
        if (now != second) {
            second = now;
            told = 0;
        }
        return ++told <= TOLD_A_SECOND;
    }

    void write(Exposition to, String name, String help) {
        to.counter(name, help);
        counts.forEach((reason, count) -> to.sample(name, "reason", reason.word(), count.sum()));
    }

    /** Names each reason with its count. */
    public void each(BiConsumer<String, LongAdder> reasons) {
        counts.forEach((reason, count) -> reasons.accept(reason.word(), count));
    }
}
