package io.gatehouse.admission.feed;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * One line of the feed. A snapshot is {@link SnapshotBegin}, one line for each {@link Entry}, {@link SnapshotEnd}; a live answer is
 * {@link Hello}, then {@link Change}s without a hole in their revisions, and {@link Heartbeat}s while nothing changes. Immutable.
 */
public sealed interface FeedLine
        permits FeedLine.Hello,
                FeedLine.SnapshotBegin,
                FeedLine.SnapshotEnd,
                FeedLine.Change,
                FeedLine.Heartbeat,
                Entry {
    /** The version of the feed that this code speaks. */
    int VERSION = 1;

    /** The first line of a live answer: {@code revision} is where the service is now. */
    record Hello(int version, String epoch, long revision, Duration heartbeat, Instant time) implements FeedLine {}

    /** The first line of a snapshot, which holds the directory as it is at {@code revision}. */
    record SnapshotBegin(int version, String epoch, long revision, Instant time) implements FeedLine {}

    /** The last line of a snapshot; without it, or with another number of entries, the snapshot is not whole. */
    record SnapshotEnd(long revision, long entries) implements FeedLine {}

    /**
     * One transaction of the service; its entries are what is true after it. Applied whole or not at all. {@code kicked}: sessions, by the ids
     * that their broker reported, which an administrator ends; who does not have them has nothing to do.
     */
    record Change(long revision, List<Entry> entries, List<String> kicked) implements FeedLine {
        /** The most sessions that one change ends. */
        public static final int MOST_KICKED = 1_000;

        private static final int LONGEST_ID = 256;

        public Change {
            entries = List.copyOf(entries);
            kicked = List.copyOf(kicked);
            if (kicked.size() > MOST_KICKED || kicked.stream().anyMatch(id -> id.length() > LONGEST_ID)) {
                throw new IllegalArgumentException(
                        "at most " + MOST_KICKED + " sessions, each of at most " + LONGEST_ID + " characters");
            }
        }

        public Change(long revision, List<Entry> entries) {
            this(revision, entries, List.of());
        }
    }

    /** The service is there and still at {@code revision}. */
    record Heartbeat(long revision, Instant time) implements FeedLine {}
}
