package io.gatehouse.enrollment.app;

import io.gatehouse.admission.feed.Report;
import io.gatehouse.identity.BrokerName;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Which brokers are there now, and how they say they are. In memory; thread-safe. A name that is removed or given to another node is
 * {@link #forget forgotten}: what is still open of the former one changes nothing any more.
 */
public final class Presence {
    private final Map<BrokerName, AtomicReference<Seen>> brokers = new ConcurrentHashMap<>();

    /**
     * @param streams open feeds
     * @param confirmed the last revision that the broker says it enforces
     */
    public record Seen(Instant last, int streams, Optional<Long> confirmed, Optional<Report.Status> status) {
        /** Whether it reads the feed right now. */
        public boolean connected() {
            return streams > 0;
        }

        private Seen streams(int more, Instant now) {
            return new Seen(now, streams + more, confirmed, status);
        }
    }

    public Optional<Seen> of(BrokerName broker) {
        return Optional.ofNullable(brokers.get(broker)).map(AtomicReference::get);
    }

    /** Counts a feed that is open until what this gives is run, once. */
    Runnable stream(BrokerName broker, InstantSource clock) {
        var node = node(broker, clock.instant());
        node.updateAndGet(seen -> seen.streams(1, clock.instant()));
        return () -> node.updateAndGet(seen -> seen.streams(-1, clock.instant()));
    }

    void reported(BrokerName broker, Report report, Instant now) {
        node(broker, now)
                .updateAndGet(seen -> new Seen(
                        now,
                        seen.streams(),
                        Optional.of(report.revision()),
                        report.status().or(seen::status)));
    }

    void forget(BrokerName broker) {
        brokers.remove(broker);
    }

    private AtomicReference<Seen> node(BrokerName broker, Instant now) {
        return brokers.computeIfAbsent(
                broker, name -> new AtomicReference<>(new Seen(now, 0, Optional.empty(), Optional.empty())));
    }
}
