package io.gatehouse.enrollment.app;

import io.gatehouse.admission.feed.Report;
import io.gatehouse.identity.BrokerName;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Which brokers are there now, and how they say they are. In memory; thread-safe. */
public final class Presence {
    private final Map<BrokerName, Seen> brokers = new ConcurrentHashMap<>();

    /**
     * @param streams open feeds
     * @param confirmed the last revision that the broker says it enforces
     */
    public record Seen(Instant last, int streams, Optional<Long> confirmed, Optional<Report.Status> status) {
        /** Whether it reads the feed right now. */
        public boolean connected() {
            return streams > 0;
        }
    }

    public Optional<Seen> of(BrokerName broker) {
        return Optional.ofNullable(brokers.get(broker));
    }

    void stream(BrokerName broker, int more, Instant now) {
        brokers.merge(
                broker,
                new Seen(now, Math.max(more, 0), Optional.empty(), Optional.empty()),
                (old, fresh) -> new Seen(now, Math.max(old.streams() + more, 0), old.confirmed(), old.status()));
    }

    void reported(BrokerName broker, Report report, Instant now) {
        var confirmed = Optional.of(report.revision());
        brokers.merge(
                broker,
                new Seen(now, 0, confirmed, report.status()),
                (old, fresh) ->
                        new Seen(now, old.streams(), confirmed, report.status().or(old::status)));
    }
}
