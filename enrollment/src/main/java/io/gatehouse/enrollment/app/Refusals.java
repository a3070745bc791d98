package io.gatehouse.enrollment.app;

import io.gatehouse.enrollment.app.domain.Listing;
import io.gatehouse.enrollment.app.domain.Outcome;
import io.gatehouse.enrollment.app.domain.Page;
import io.gatehouse.enrollment.app.domain.Refusal;
import io.gatehouse.identity.RefusalReason;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The last refusals of service and brokers, in a bounded ring in memory; and how many there were, by reason. Thread-safe. */
public final class Refusals {
    /** How many are kept. */
    public static final int KEPT = 10_000;

    private record Numbered(long number, Refusal refusal) {}

    private final Deque<Numbered> newestFirst = new ArrayDeque<>();
    private final Map<RefusalReason, Long> counts = new EnumMap<>(RefusalReason.class);
    private long next = 1;

    public synchronized void add(Refusal refusal) {
        newestFirst.addFirst(new Numbered(next++, refusal));
        counts.merge(refusal.reason(), 1L, Long::sum);
        if (newestFirst.size() > KEPT) {
            newestFirst.removeLast();
        }
    }

    /** The newest first. */
    public Outcome<Listing<Refusal>> list(Page page) {
        return Cursors.number(page, Long.MAX_VALUE)
                .map(before -> Listing.of(
                                before(before, page.limit() + 1),
                                page.limit(),
                                numbered -> Long.toString(numbered.number()))
                        .map(Numbered::refusal));
    }

    /** How many there were since the start. */
    public synchronized Map<RefusalReason, Long> counts() {
        return Map.copyOf(counts);
    }

    private synchronized List<Numbered> before(long number, int limit) {
        return newestFirst.stream()
                .filter(numbered -> numbered.number() < number)
                .limit(limit)
                .toList();
    }
}
