package io.gatehouse.admission.replica;

import io.gatehouse.admission.feed.Entry;
import io.gatehouse.admission.feed.FeedLine.Change;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** A directory that a test fills by hand; here, because its writer's side is not public. */
public final class FilledDirectory {
    public final Directory directory = new Directory();
    private long revision = 1;

    /** Synchronised at revision 1 with these, heard of now. */
    public FilledDirectory(Instant now, Entry... entries) {
        var tables = new Tables();
        List.of(entries).forEach(tables::put);
        tables.reached("epoch-1", revision);
        tables.freshness().heard(now, Duration.ZERO);
        directory.replace(tables);
    }

    public Applied change(Entry... entries) {
        return directory.apply(new Change(++revision, List.of(entries)));
    }

    public Applied kick(String... sessions) {
        return directory.apply(new Change(++revision, List.of(), List.of(sessions)));
    }

    /** What a restored service says at the same revision. */
    public Applied restore(String epoch, Entry... entries) {
        var tables = new Tables();
        List.of(entries).forEach(tables::put);
        tables.reached(epoch, revision);
        return directory.replace(tables);
    }

    /** A snapshot in the place of all there was. */
    public Applied replace(Entry... entries) {
        var tables = new Tables();
        List.of(entries).forEach(tables::put);
        tables.reached("epoch-1", ++revision);
        return directory.replace(tables);
    }
}
