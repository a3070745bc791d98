package io.gatehouse.admission.replica;

import io.gatehouse.admission.feed.Entry;
import io.gatehouse.admission.feed.FeedLine.Change;
import io.gatehouse.identity.DeviceId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A broker's directory, in memory and on disk. A change takes effect in memory at once and is made durable behind; only then its
 * revision is reported as durable. Nothing here waits for the disk but {@link #open} and {@link #close}. {@link #directory} and
 * {@link #purged} are for every thread, the rest for the feed's one.
 */
public final class Replica implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Replica.class);

    /** How much of the freshness a restart may cost. */
    private static final Duration CONTACT_KEPT_EVERY = Duration.ofSeconds(30);

    private final InstantSource clock;
    private final Directory directory;
    private final Unpurged unpurged;
    private final Keeper keeper;
    private final Optional<String> problemAtStart;
    private final LongSupplier nanos;
    private Optional<Long> contactKept = Optional.empty();

    private Replica(
            InstantSource clock,
            LongSupplier nanos,
            Directory directory,
            ReplicaStore store,
            ReplicaStore.Found found,
            Consumer<Position> durable) {
        this.clock = clock;
        this.nanos = nanos;
        this.directory = directory;
        this.unpurged = found.unpurged();
        this.problemAtStart = found.problem();
        this.keeper = new Keeper(store, directory, unpurged, found.tables().orElse(null), clock, durable);
    }

    /**
     * Reads what is in that folder; what is damaged counts as nothing, and the log and {@link #problem} say so. {@code durable} is called with each
     * position up to which everything is on disk, on a thread of the replica.
     */
    public static Replica open(Path folder, InstantSource clock, Consumer<Position> durable) {
        return open(folder, clock, System::nanoTime, durable);
    }

    static Replica open(Path folder, InstantSource clock, LongSupplier nanos, Consumer<Position> durable) {
        var store = new ReplicaStore(folder, nanos);
        var found = store.open();
        found.problem().ifPresent(why -> LOG.warn("{}; the directory is fetched anew", why));
        var directory = new Directory();
        found.tables().ifPresent(directory::replace);
        var replica = new Replica(clock, nanos, directory, store, found, durable);
        replica.keeper.start();
        return replica;
    }

    /** The directory, for any number of readers. */
    public Directory directory() {
        return directory;
    }

    /** Where to go on reading; nothing before the first synchronisation. */
    public Optional<Position> position() {
        return directory.read(view ->
                view.synchronised() ? Optional.of(new Position(view.epoch(), view.revision())) : Optional.empty());
    }

    /** What is wrong with the replica on disk, or was at the start as long as nothing better took its place. */
    public Optional<String> problem() {
        return keeper.problem().or(() -> position().isEmpty() ? problemAtStart : Optional.empty());
    }

    /** What was found on disk as something to enforce; nothing when nothing was there. */
    public Optional<Applied> found() {
        return position().map(position -> Applied.full(position.revision(), unpurged.devices()));
    }

    /** Applies the next change; {@code line} is what it was read from. Throws IllegalArgumentException when it is not the next. */
    public Applied apply(Change change, byte[] line) {
        var applied = directory.apply(change, unpurged::add);
        keeper.append(JournalRecord.changed(line), change.revision(), directory.tables());
        return applied;
    }

    /** Puts a whole directory in the place of the present one. */
    public Applied replace(Snapshot snapshot) {
        // What was not yet thrown away is told again, with the new revision.
        var applied = directory.replace(snapshot.tables(), unpurged::devices, unpurged::add);
        keeper.replaced();
        return applied;
    }

    /**
     * All that this replica knows, as entries, page by page; fleets before devices, devices before certificates. On the feed's thread,
     * the only one that changes anything, so that the pages fit together; readers go on meanwhile.
     */
    public void forEachPage(Page sink) throws IOException {
        new EntryPages(directory, directory.tables()).each(sink);
    }

    /** Where a page goes. */
    @FunctionalInterface
    public interface Page {
        void take(List<Entry> entries) throws IOException;
    }

    /** The service said just now that this is the current revision. */
    public void contact() {
        directory.contact(clock.instant());
        keepContact();
    }

    /** The service is not heard: to be called now and then, so that a restart does not forget for how long. */
    public void alone() {
        if (position().isPresent()) {
            keepContact();
        }
    }

    private void keepContact() {
        long now = nanos.getAsLong();
        if (contactKept.map(kept -> now - kept > CONTACT_KEPT_EVERY.toNanos()).orElse(true)) {
            contactKept = Optional.of(now);
            var tables = directory.tables();
            var contact = directory.guarded(tables, t -> t.freshness().contact(clock.instant()));
            keeper.append(JournalRecord.contacted(contact), 0, tables);
        }
    }

    /** The device's sessions and queues, as far as that revision asks for it, are thrown away: not told again after a restart. */
    public void purged(DeviceId device, long revision) {
        if (unpurged.purged(device, revision)) {
            keeper.append(JournalRecord.purged(device, revision), 0, directory.tables());
        }
    }

    /** Writes what waits to disk, and ends. */
    @Override
    public void close() {
        keeper.close();
    }
}
