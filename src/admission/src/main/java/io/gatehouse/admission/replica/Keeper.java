package io.gatehouse.admission.replica;

import java.io.IOException;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the replica to disk, on a thread of its own: records are appended as they come, one sync for all that wait; when the journal
 * has grown and nothing happens, or a whole new directory came, the file is rewritten and a new journal begun. A revision is reported
 * as durable only after the sync. When the disk fails, it goes on in memory, says so, and tries again to write the whole. A slow disk
 * delays nobody: what it cannot take in time is left out, and the whole is written instead.
 */
final class Keeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Keeper.class);
    private static final long IDLE_MILLIS = 200;
    private static final long COMPACT_BYTES = 8L << 20;
    private static final long COMPACT_AT_ONCE_BYTES = 64L << 20;
    private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long CLOSE_MILLIS = 30_000;
    private static final long SLOW_SECONDS = 30;
    private static final long IDLE = 0;

    private final ReplicaStore store;
    private final Directory directory;
    private final Unpurged unpurged;
    private final InstantSource clock;
    private final Consumer<Position> durable;
    private final Backlog backlog = new Backlog();
    private final Thread thread = new Thread(this::run, "gatehouse-replica");

    /** The tables that the journal goes on from. */
    private @Nullable Tables journaled;

    /** What of them the file and its journal hold. */
    private long journaledTo;

    private long failedAt;
    private boolean stopped;
    private volatile Optional<String> problem = Optional.empty();
    /** When the present work on the disk began, or {@link #IDLE}. */
    private volatile long busySince = IDLE;

    Keeper(
            ReplicaStore store,
            Directory directory,
            Unpurged unpurged,
            @Nullable Tables journaled,
            InstantSource clock,
            Consumer<Position> durable) {
        this.store = store;
        this.directory = directory;
        this.unpurged = unpurged;
        this.journaled = journaled;
        this.journaledTo = journaled == null ? 0 : journaled.revision();
        this.clock = clock;
        this.durable = durable;
        thread.setDaemon(true);
    }

    void start() {
        if (store.isOutdated()) {
            backlog.replaced();
        }
        thread.start();
    }

    /** Why nothing can be made durable now, or nothing. */
    Optional<String> problem() {
        return problem.or(this::delay);
    }

    private Optional<String> delay() {
        long since = busySince;
        long seconds = since == IDLE ? 0 : TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - since);
        return seconds < SLOW_SECONDS
                ? Optional.empty()
                : Optional.of("the disk has kept the replica waiting for " + seconds
                        + " s; changes are enforced but not acknowledged");
    }

    /** Returns at once, whatever the disk does. Any thread. */
    void append(byte[] payload, long revision, Tables tables) {
        backlog.add(new Backlog.Append(payload, revision, tables));
    }

    void replaced() {
        backlog.replaced();
    }

    /** Writes what waits, then ends; gives up on a disk that takes too long. */
    @Override
    public void close() {
        backlog.stop();
        try {
            thread.join(CLOSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        while (!stopped) {
            try {
                step();
            } catch (IOException | RuntimeException | Error e) {
                // An error too, such as too little memory: a keeper that ended silently would leave nothing durable.
                failed(e);
            } catch (InterruptedException e) {
                return;
            }
        }
        closeJournal();
    }

    private void step() throws IOException, InterruptedException {
        boolean rewrite = false;
        long before = journaledTo;
        var task = backlog.poll(IDLE_MILLIS);
        boolean idle = task == null;
        busySince = System.nanoTime();
        while (task != null && !rewrite) {
            if (task instanceof Backlog.Append append) {
                append(append);
            } else if (task instanceof Backlog.Stop) {
                stopped = true;
            } else {
                rewrite = true;
            }
            task = rewrite ? null : backlog.pollDrained();
        }
        sync(before);
        if (rewrite || isRewriteDue(idle)) {
            rewrite();
        }
        busySince = IDLE;
    }

    private void append(Backlog.Append append) throws IOException {
        if (store.isWritable() && append.isAfter(journaled, journaledTo)) {
            store.append(append.payload());
            journaledTo = Math.max(journaledTo, append.revision());
        }
    }

    private void sync(long before) throws IOException {
        store.force();
        if (journaled != null && journaledTo > before) {
            durable.accept(new Position(journaled.epoch(), journaledTo));
        }
    }

    private boolean isRewriteDue(boolean idle) throws IOException {
        boolean retry = problem.isPresent() && System.nanoTime() - failedAt > RETRY_NANOS;
        return retry || store.journalBytes() > (idle ? COMPACT_BYTES : COMPACT_AT_ONCE_BYTES);
    }

    private void rewrite() throws IOException, InterruptedException {
        boolean done = false;
        while (!done) {
            var tables = directory.tables();
            // A directory that is not synchronised holds nothing to keep.
            done = !directory.guarded(tables, Tables::synchronised) || rewrite(tables);
        }
    }

    /** Whether it is done; not when there is a newer directory by now, or a record of this one was left out. */
    private boolean rewrite(Tables tables) throws IOException, InterruptedException {
        long from = directory.guarded(tables, Tables::revision);
        try (var rewriting = store.rewrite(directory, tables, from, unpurged, clock.instant())) {
            // The file may hold parts of what was applied while it was written: all of that has to be in its journal.
            long to = directory.guarded(tables, Tables::revision);
            long reached = from;
            while (reached < to) {
                var task = backlog.poll(IDLE_MILLIS);
                if (task instanceof Backlog.Append append) {
                    if (append.isAfter(tables, reached)) {
                        rewriting.append(append.payload());
                        reached = Math.max(reached, append.revision());
                    }
                } else if (task instanceof Backlog.Stop) {
                    stopped = true;
                    return true;
                } else if (task instanceof Backlog.Missing || directory.tables() != tables) {
                    return false;
                }
            }
            rewriting.commit();
            journaled = tables;
            journaledTo = reached;
            problem = Optional.empty();
            durable.accept(new Position(tables.epoch(), reached));
            return true;
        }
    }

    private void failed(Throwable e) {
        if (problem.isEmpty()) {
            LOG.error("the replica cannot be written; changes are enforced but not acknowledged until it can", e);
        }
        problem = Optional.of("the replica cannot be written: " + e.getMessage());
        failedAt = System.nanoTime();
        busySince = IDLE;
        closeJournal();
    }

    private void closeJournal() {
        try {
            store.closeJournal();
        } catch (IOException e) {
            LOG.warn("the replica's journal did not close", e);
        }
    }
}
