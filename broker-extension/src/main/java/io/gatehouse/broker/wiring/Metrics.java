package io.gatehouse.broker.wiring;

import com.codahale.metrics.Counter;
import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import com.codahale.metrics.Timer;
import io.gatehouse.identity.RefusalReason;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** {@code io.gatehouse.*} in HiveMQ's registry. Thread-safe. */
final class Metrics {
    private static final String PREFIX = "io.gatehouse.";

    private final MetricRegistry registry;
    private final Counter admitted;
    private final Map<RefusalReason, Counter> refused = new EnumMap<>(RefusalReason.class);
    private final Map<RefusalReason, Counter> observed = new EnumMap<>(RefusalReason.class);
    private final Counter contested;
    private final Timer enforcement;
    private final Counter enforcedSessions;

    Metrics(MetricRegistry registry) {
        this.registry = registry;
        this.admitted = registry.counter(PREFIX + "admitted");
        for (var reason : RefusalReason.values()) {
            refused.put(reason, registry.counter(PREFIX + "refused." + reason.word()));
            observed.put(reason, registry.counter(PREFIX + "observe.refused." + reason.word()));
        }
        this.contested = registry.counter(PREFIX + "client-ids.contested");
        this.enforcement = registry.timer(PREFIX + "enforcement");
        this.enforcedSessions = registry.counter(PREFIX + "enforcement.sessions");
    }

    void admitted() {
        admitted.inc();
    }

    void refused(RefusalReason reason) {
        count(refused, reason);
    }

    void wouldRefuse(RefusalReason reason) {
        count(observed, reason);
    }

    void contested() {
        contested.inc();
    }

    private static void count(Map<RefusalReason, Counter> counters, RefusalReason reason) {
        var counter = counters.get(reason);
        if (counter != null) {
            counter.inc();
        }
    }

    void enforced(int sessions, long nanos) {
        if (sessions > 0) {
            enforcement.update(nanos, TimeUnit.NANOSECONDS);
            enforcedSessions.inc(sessions);
        }
    }

    void gauges(Standing standing, Doors doors) {
        gauge("ready", () -> standing.ready() ? 1 : 0);
        gauge("replica.epoch", standing::epoch);
        gauge("replica.revision", standing::revision);
        gauge("replica.age.millis", standing::ageMillis);
        gauge("certificate.server.seconds", standing::serverCertificateSeconds);
        gauge("certificate.public.seconds", standing::publicCertificateSeconds);
        gauge("sessions", doors.sessions::size);
        gauge("purges.pending", doors.purger::pending);
    }

    private <T> void gauge(String name, Supplier<T> value) {
        Gauge<T> gauge = value::get;
        registry.gauge(PREFIX + name, () -> gauge);
    }

    /** Takes everything out again: the registry outlives the extension. */
    void close() {
        registry.removeMatching((name, metric) -> name.startsWith(PREFIX));
    }
}
