package io.gatehouse.broker.enforce;

import io.gatehouse.broker.sessions.LiveSession;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListSet;

/** Live sessions in the order in which their certificates expire. Thread-safe. */
public final class ExpiryWatch {
    private final ConcurrentSkipListSet<LiveSession> byTime = new ConcurrentSkipListSet<>(
            Comparator.comparing(LiveSession::notAfter).thenComparing(LiveSession::id));

    public void add(LiveSession session) {
        byTime.add(session);
    }

    public void remove(LiveSession session) {
        byTime.remove(session);
    }

    /** Takes out the sessions whose certificate's last moment lies before {@code now}. */
    public List<LiveSession> expired(Instant now) {
        var expired = new ArrayList<LiveSession>();
        for (var session : byTime) {
            if (!session.notAfter().isBefore(now)) {
                break;
            }
            if (byTime.remove(session)) {
                expired.add(session);
            }
        }
        return expired;
    }
}
