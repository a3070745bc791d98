package io.gatehouse.admission.replica;

import io.gatehouse.admission.feed.Entry;
import io.gatehouse.admission.feed.FeedLine;
import java.time.Instant;
import java.util.List;

/** Directories for tests, without disk. */
public final class Loaded {
    private Loaded() {}

    /** A directory with these entries at revision 1 of epoch e. */
    public static Directory directory(Instant contact, Entry... entries) {
        var directory = new Directory();
        directory.replace(snapshot("e", 1, contact, List.of(entries)).tables());
        return directory;
    }

    public static Snapshot snapshot(String epoch, long revision, Instant contact, List<? extends Entry> entries) {
        var snapshot = new Snapshot(new FeedLine.SnapshotBegin(1, epoch, revision, contact), contact);
        entries.forEach(snapshot::add);
        return snapshot;
    }
}
