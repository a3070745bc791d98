package io.gatehouse.enrollment.app.domain;

import io.gatehouse.identity.BrokerName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A registered broker node.
 *
 * @param lastSeen when it last opened the feed or reported
 * @param position where it first stood in the directory; empty when it never had the directory, and so admits nobody
 * @param names host names and addresses of its server certificate; empty: those of the service, as for the home's own broker
 */
public record Broker(
        BrokerName name, Instant enrolledAt, Optional<Instant> lastSeen, Optional<Long> position, List<String> names) {
    public Broker {
        names = List.copyOf(names);
    }

    /** A node that is new, and was never seen. */
    public static Broker enrolled(BrokerName name, Instant now, List<String> names) {
        return new Broker(name, now, Optional.empty(), Optional.empty(), names);
    }

    public Broker named(List<String> others) {
        return new Broker(name, enrolledAt, lastSeen, position, others);
    }

    public Broker seen(Optional<Instant> at, Optional<Long> revision) {
        return new Broker(name, enrolledAt, at, revision, names);
    }
}
