package io.gatehouse.admission.client;

import io.gatehouse.admission.feed.Report;
import io.gatehouse.admission.replica.Applied;
import io.gatehouse.admission.replica.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which revisions took effect, which of them are enforced, which are durable; only what is all three is reported. Thread-safe.
 */
final class Enforcement {
    private static final long NONE = -1;
    private static final int MOST_CLOSINGS = 1_000;

    private final TreeSet<Long> open = new TreeSet<>();
    private final TreeMap<Long, Integer> closings = new TreeMap<>();
    private String epoch = "";
    private long applied;
    private Position durable = new Position("", 0);
    private Runnable whenDurable = () -> {};
    private long floor;
    private long wholeOpen = NONE;

    /** It took effect; {@link #enforced} will follow. */
    synchronized void applied(String ofEpoch, Applied change) {
        if (change.full()) {
            boolean sameEpoch = epoch.equals(ofEpoch);
            floor = sameEpoch ? enforcedUpTo() : 0;
            wholeOpen = change.revision();
            // All that was open is part of it now.
            open.clear();
            if (!sameEpoch) {
                closings.clear();
            }
            epoch = ofEpoch;
        }
        applied = change.revision();
        open.add(applied);
    }

    /** The sockets of so many sessions are closed. Revisions that nobody waits for are ignored. */
    synchronized void enforced(long revision, int sessions) {
        if (open.remove(revision)) {
            wholeOpen = revision == wholeOpen ? NONE : wholeOpen;
            if (sessions > 0) {
                closings.put(revision, sessions);
            }
            if (closings.size() > MOST_CLOSINGS) {
                closings.pollFirstEntry();
            }
        }
    }

    /** Who wants to know that more is durable. */
    synchronized void whenDurable(Runnable listener) {
        whenDurable = listener;
    }

    /** All up to that position is on disk. */
    void durable(Position position) {
        Runnable listener;
        synchronized (this) {
            durable = position;
            listener = whenDurable;
        }
        listener.run();
    }

    synchronized String epoch() {
        return epoch;
    }

    /** All up to here is enforced. */
    synchronized long enforcedUpTo() {
        if (wholeOpen != NONE) {
            // What a whole directory brought along is not known to be enforced before all of it is.
            return floor;
        }
        return open.isEmpty() ? applied : open.first() - 1;
    }

    /** All up to here is enforced and durable. */
    synchronized long acknowledged() {
        return Math.min(enforcedUpTo(), durableRevision());
    }

    /** What closed sessions and is durable. */
    synchronized List<Report.Enforced> closings() {
        var list = new ArrayList<Report.Enforced>();
        closings.headMap(durableRevision(), true)
                .forEach((revision, sessions) -> list.add(new Report.Enforced(revision, sessions)));
        return list;
    }

    /** The service knows of these. */
    synchronized void reported(List<Report.Enforced> known) {
        known.forEach(enforced -> closings.remove(enforced.revision(), enforced.sessions()));
    }

    /** What is durable of the present epoch. */
    private synchronized long durableRevision() {
        return durable.epoch().equals(epoch) ? durable.revision() : 0;
    }
}
