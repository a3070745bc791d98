package io.gatehouse.admission.client;

import io.gatehouse.admission.feed.Report;
import io.gatehouse.identity.Fingerprint;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is live at this broker, and what of the news the service does not know yet. Bounded: news about sessions that pile up too high are
 * replaced by a full list, of the rest the oldest is dropped. Not thread-safe.
 */
final class LiveSessions {
    private static final int MOST_CLOSED = 10_000;
    private static final int MOST_REFUSED = 1_000;
    private static final int MOST_ADMITTED = 10_000;

    /** A part of the news that fits into one report. */
    record News(
            boolean full,
            List<Report.Opened> opened,
            List<Report.Closed> closed,
            List<Report.Refused> refused,
            List<Fingerprint> admitted,
            Optional<Report.Status> status) {
        boolean isEmpty() {
            return !full
                    && opened.isEmpty()
                    && closed.isEmpty()
                    && refused.isEmpty()
                    && admitted.isEmpty()
                    && status.isEmpty();
        }
    }

    private final Map<String, Report.Opened> live = new LinkedHashMap<>();
    private final Map<String, Report.Opened> opened = new LinkedHashMap<>();
    private final Deque<Report.Closed> closed = new ArrayDeque<>();
    private final Deque<Report.Refused> refused = new ArrayDeque<>();
    private final Set<Fingerprint> admitted = new LinkedHashSet<>();
    private Optional<Report.Status> status = Optional.empty();
    private boolean statusIsNews;
    private boolean fullIsDue = true;

    void opened(Report.Opened session) {
        live.put(session.session(), session);
        opened.put(session.session(), session);
    }

    void closed(Report.Closed session) {
        if (live.remove(session.session()) == null) {
            return;
        }
        // Also when its beginning is news: that may be on its way already.
        opened.remove(session.session());
        closed.add(session);
        if (closed.size() > MOST_CLOSED) {
            beginAnew();
        }
    }

    void refused(Report.Refused refusal) {
        refused.add(refusal);
        if (refused.size() > MOST_REFUSED) {
            refused.poll();
        }
    }

    void admitted(Fingerprint certificate) {
        admitted.add(certificate);
        if (admitted.size() > MOST_ADMITTED) {
            var oldest = admitted.iterator();
            oldest.next();
            oldest.remove();
        }
    }

    void status(Report.Status now) {
        statusIsNews |= !status.equals(Optional.of(now));
        status = Optional.of(now);
    }

    /** The service may know nothing, or something else: the next report is full. */
    void beginAnew() {
        fullIsDue = true;
        statusIsNews = status.isPresent();
        closed.clear();
        opened.clear();
        opened.putAll(live);
    }

    boolean isEmpty() {
        return !fullIsDue
                && opened.isEmpty()
                && closed.isEmpty()
                && refused.isEmpty()
                && admitted.isEmpty()
                && !statusIsNews;
    }

    /** At most so many of each kind, the oldest first; they stay news until {@link #reported}. */
    News news(int most) {
        return new News(
                fullIsDue,
                first(opened.values(), most),
                // A session's end goes after its beginning, which may still wait for its turn.
                opened.size() > most ? List.of() : first(closed, most),
                first(refused, most),
                first(admitted, most),
                statusIsNews ? status : Optional.empty());
    }

    /** The service knows all that. */
    void reported(News news) {
        fullIsDue &= !news.full();
        // A session that was opened anew under the same name meanwhile is other news.
        news.opened().forEach(session -> opened.remove(session.session(), session));
        known(news.closed(), closed);
        known(news.refused(), refused);
        news.admitted().forEach(admitted::remove);
        statusIsNews &= news.status().isEmpty() || !news.status().equals(status);
    }

    /** Takes from the head what was told, but for what has been dropped there meanwhile. */
    private static <T> void known(List<T> told, Deque<T> waiting) {
        for (T each : told) {
            if (waiting.peek() == each) {
                waiting.remove();
            }
        }
    }

    private static <T> List<T> first(Collection<T> all, int most) {
        var some = new ArrayList<T>(Math.min(most, all.size()));
        Iterator<T> items = all.iterator();
        while (items.hasNext() && some.size() < most) {
            some.add(items.next());
        }
        return some;
    }
}
