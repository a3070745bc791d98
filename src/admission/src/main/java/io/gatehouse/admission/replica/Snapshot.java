package io.gatehouse.admission.replica;

import io.gatehouse.admission.feed.Entry;
import io.gatehouse.admission.feed.FeedLine.SnapshotBegin;
import io.gatehouse.admission.feed.FeedLine.SnapshotEnd;
import java.time.Duration;
import java.time.Instant;

/** A whole directory on its way in; nobody sees it before {@link Replica#replace}. Not thread-safe. */
public final class Snapshot {
    private final SnapshotBegin begin;
    private final Tables tables;
    private long entries;

    /** One that was asked for just now. */
    public Snapshot(SnapshotBegin begin, Instant asked) {
        this(begin, asked, Duration.ZERO);
    }

    /** {@code asked}: when it was asked for, the last moment at which it was surely current; {@code ago}: how long ago that was. */
    public Snapshot(SnapshotBegin begin, Instant asked, Duration ago) {
        this(begin, asked, ago, new Tables());
    }

    Snapshot(SnapshotBegin begin, Instant asked, Duration ago, Tables tables) {
        this.begin = begin;
        this.tables = tables;
        tables.freshness().heard(asked, ago);
    }

    public void add(Entry entry) {
        tables.put(entry);
        entries++;
    }

    /** Whether the end belongs to this beginning and nothing is missing. */
    public boolean isWhole(SnapshotEnd end) {
        return end.revision() == begin.revision() && end.entries() == entries;
    }

    Tables tables() {
        tables.reached(begin.epoch(), begin.revision());
        return tables;
    }
}
