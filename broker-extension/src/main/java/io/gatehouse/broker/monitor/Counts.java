package io.gatehouse.broker.monitor;

import com.codahale.metrics.Counter;
import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import io.gatehouse.identity.RefusalReason;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** What the broker extension counts: {@code io.gatehouse.*} in HiveMQ's registry, and the same for Prometheus. Thread-safe. */
public final class Counts {
    private static final String PREFIX = "io.gatehouse.";
    private static final String NAME = "gatehouse_broker_";
    private static final long MICRO = 1_000;
    private static final long MILLI = 1_000_000;

    /** What concerns a person, counted when it is seen. */
    public enum Alarm {
        /** A client of a listener that is not governed and a device want the same client id. */
        CLIENT_ID("client-id"),
        /** One certificate is used from two places. */
        CLONE("clone");

        private final String word;

        Alarm(String word) {
            this.word = word;
        }
    }

    private record Shown(String name, String help, Supplier<? extends Number> value) {}

    private final MetricRegistry registry;
    private final Counter admitted;
    private final Counter enforcedSessions;
    private final Map<RefusalReason, Counter> refused = new EnumMap<>(RefusalReason.class);
    private final Map<RefusalReason, Counter> observed = new EnumMap<>(RefusalReason.class);
    private final Map<Alarm, Counter> alarms = new EnumMap<>(Alarm.class);
    private final Map<String, Supplier<? extends Number>> certificates = new LinkedHashMap<>();
    private final Map<String, Shown> gauges = new LinkedHashMap<>();
    private final Durations decision;
    private final Durations enforcement;
    private final TlsRefusals tls;
    private volatile Supplier<String> epoch = () -> "";

    public Counts(MetricRegistry registry, TlsRefusals tls) {
        this.registry = registry;
        this.tls = tls;
        tls.each((word, count) -> register("tls.refused." + word, count::sum));
        this.admitted = registry.counter(PREFIX + "admitted");
        for (var reason : RefusalReason.values()) {
            refused.put(reason, registry.counter(PREFIX + "refused." + reason.word()));
            observed.put(reason, registry.counter(PREFIX + "observe.refused." + reason.word()));
        }
        for (var alarm : Alarm.values()) {
            alarms.put(alarm, registry.counter(PREFIX + "alarms." + alarm.word));
        }
        this.enforcedSessions = registry.counter(PREFIX + "enforcement.sessions");
        this.decision = new Durations(
                registry.timer(PREFIX + "decision"),
                MICRO / 2,
                MICRO,
                2 * MICRO,
                5 * MICRO,
                10 * MICRO,
                100 * MICRO,
                MILLI,
                10 * MILLI);
        this.enforcement = new Durations(
                registry.timer(PREFIX + "enforcement"),
                MILLI,
                5 * MILLI,
                10 * MILLI,
                25 * MILLI,
                50 * MILLI,
                100 * MILLI,
                500 * MILLI,
                1000 * MILLI,
                5000 * MILLI);
    }

    public void admitted() {
        admitted.inc();
    }

    public void refused(RefusalReason reason) {
        count(refused, reason);
    }

    public void wouldRefuse(RefusalReason reason) {
        count(observed, reason);
    }

    public void alarm(Alarm alarm) {
        count(alarms, alarm);
    }

    public void decided(long nanos) {
        decision.took(nanos);
    }

    /** A revision is enforced: its sessions, often none, are closed. */
    public void enforced(int sessions, long nanos) {
        enforcement.took(nanos);
        enforcedSessions.inc(sessions);
    }

    private static <K> void count(Map<K, Counter> counters, K key) {
        var counter = counters.get(key);
        if (counter != null) {
            counter.inc();
        }
    }

    /** {@code name} as HiveMQ's registry has it; Prometheus' has underscores. */
    public synchronized void gauge(String name, String help, Supplier<? extends Number> value) {
        gauges.put(name, new Shown(NAME + name.replace('.', '_'), help, value));
        register(name, value);
    }

    /** Seconds until a certificate ends; 0 where there is none. */
    public synchronized void certificate(String which, Supplier<? extends Number> seconds) {
        certificates.put(which, seconds);
        register("certificate." + which + ".seconds", seconds);
    }

    public void epoch(Supplier<String> now) {
        epoch = now;
        register("replica.epoch", now);
    }

    private <T> void register(String name, Supplier<T> value) {
        Gauge<T> gauge = value::get;
        registry.gauge(PREFIX + name, () -> gauge);
    }

    /** All of it in Prometheus' text format. */
    public synchronized String text() {
        var text = new Exposition();
        text.counter(NAME + "admitted_total", "Connections admitted.", admitted.getCount());
        each(text, NAME + "refused_total", "Connections, publishes and subscriptions refused, by reason.", refused);
        each(text, NAME + "observe_refused_total", "What only observing would have refused, by reason.", observed);
        text.counter(NAME + "alarms_total", "What concerns a person, by kind.");
        alarms.forEach((alarm, count) -> text.sample(NAME + "alarms_total", "kind", alarm.word, count.getCount()));
        tls.write(text, NAME + "tls_refused_total", "TLS handshakes that failed, of all listeners, by reason.");
        decision.write(text, NAME + "decision_seconds", "How long a decision on a connection takes.");
        enforcement.write(text, NAME + "enforcement_seconds", "From a revision's arrival to the last socket closed.");
        text.counter(NAME + "enforced_sessions_total", "Sessions closed by a revision.", enforcedSessions.getCount());
        gauges.values()
                .forEach(each ->
                        text.gauge(each.name(), each.help(), each.value().get().doubleValue()));
        text.gauge(NAME + "replica_info", "The epoch of the copy of the directory.");
        text.sample(NAME + "replica_info", "epoch", epoch.get(), 1);
        text.gauge(NAME + "certificate_not_after_seconds", "Seconds until a certificate ends; 0: there is none.");
        certificates.forEach((which, seconds) -> text.sample(
                NAME + "certificate_not_after_seconds",
                "certificate",
                which,
                seconds.get().doubleValue()));
        return text.toString();
    }

    private static void each(Exposition text, String name, String help, Map<RefusalReason, Counter> counters) {
        text.counter(name, help);
        counters.forEach((reason, count) -> text.sample(name, "reason", reason.word(), count.getCount()));
    }

    /** Takes everything out again: the registry outlives the extension. */
    public void close() {
        registry.removeMatching((name, metric) -> name.startsWith(PREFIX));
    }
}
