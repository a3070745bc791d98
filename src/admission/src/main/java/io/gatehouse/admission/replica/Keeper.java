package io.gatehouse.admission.replica;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the replica to disk, on a thread of its own: records are appended as they come, one sync for all that wait; when the journal
 * has grown and nothing happens, or a whole new directory came, the file is rewritten and a new journal begun. A revision is reported
 * as durable only after the sync. When the disk fails, it goes on in memory, says so, and tries again to write the whole.
 */
final class Keeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Keeper.class);
    private static final int QUEUE = 4096;
    private static final long IDLE_MILLIS = 200;
    private static final long COMPACT_BYTES = 8L << 20;
    private static final long COMPACT_AT_ONCE_BYTES = 64L << 20;
    private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long CLOSE_MILLIS = 30_000;

    private sealed interface Task {}

    /** A record about these tables; {@code revision} is 0 for one that is no change. */
    // Compared by nobody; the array is handed on.
    @SuppressWarnings("ArrayRecordComponent")
    private record Append(byte[] payload, long revision, Tables tables) implements Task {
        /** Whether it comes after that revision of those tables; what is no change always does. */
        boolean isAfter(@Nullable Tables some, long reached) {
            return revision == 0 || (tables == some && revision > reached);
        }
    }

    /** There is a whole new directory. */
    private record Replaced() implements Task {}

    private record Stop() implements Task {}

    private final ReplicaStore store;
    private final Directory directory;
    private final Unpurged unpurged;
    private final Consumer<Position> durable;
    private final BlockingQueue<Task> queue = new LinkedBlockingQueue<>(QUEUE);
    private final Deque<Task> drained = new ArrayDeque<>();
    private final Thread thread = new Thread(this::run, "gatehouse-replica");

    /** The tables that the journal goes on from. */
    private @Nullable Tables journaled;

    /** What of them the file and its journal hold. */
    private long journaledTo;

    private long failedAt;
    private boolean stopped;
    private volatile Optional<String> problem = Optional.empty();

    Keeper(
            ReplicaStore store,
            Directory directory,
            Unpurged unpurged,
            @Nullable Tables journaled,
            Consumer<Position> durable) {
        this.store = store;
        this.directory = directory;
        this.unpurged = unpurged;
        this.journaled = journaled;
        this.journaledTo = journaled == null ? 0 : journaled.revision();
        this.durable = durable;
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Why nothing can be made durable now, or nothing. */
    Optional<String> problem() {
        return problem;
    }

    /** Waits only when thousands of records wait for the disk. */
    void append(byte[] payload, long revision, Tables tables) {
        put(new Append(payload, revision, tables));
    }

    void replaced() {
        put(new Replaced());
    }

    /** Writes what waits, then ends. */
    @Override
    public void close() {
        put(new Stop());
        try {
            thread.join(CLOSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void put(Task task) {
        try {
            boolean taken = false;
            while (!taken && thread.isAlive()) {
                taken = queue.offer(task, 1, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            // The feed is being closed; what is not written is not acknowledged either.
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        while (!stopped) {
            try {
                step();
            } catch (IOException | RuntimeException e) {
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
        Task task = drained.isEmpty() ? queue.poll(IDLE_MILLIS, TimeUnit.MILLISECONDS) : drained.poll();
        boolean idle = task == null;
        queue.drainTo(drained);
        for (; task != null; task = drained.poll()) {
            if (task instanceof Append append) {
                if (store.isWritable() && append.isAfter(journaled, journaledTo)) {
                    store.append(append.payload());
                    journaledTo = Math.max(journaledTo, append.revision());
                }
            } else if (task instanceof Replaced) {
                rewrite = true;
                break;
            } else {
                stopped = true;
            }
        }
        sync(before);
        if (rewrite || isRewriteDue(idle)) {
            rewrite();
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

    /** Whether it is done; not when there is a newer directory by now. */
    private boolean rewrite(Tables tables) throws IOException, InterruptedException {
        long from = directory.guarded(tables, Tables::revision);
        try (var rewriting = store.rewrite(directory, tables, from, unpurged)) {
            // The file may hold parts of what was applied while it was written: all of that has to be in its journal.
            long to = directory.guarded(tables, Tables::revision);
            long reached = from;
            while (reached < to) {
                Task task = drained.isEmpty() ? queue.take() : drained.poll();
                if (task instanceof Append append) {
                    if (append.isAfter(tables, reached)) {
                        rewriting.append(append.payload());
                        reached = Math.max(reached, append.revision());
                    }
                } else if (task instanceof Stop) {
                    stopped = true;
                    return true;
                } else if (directory.tables() != tables) {
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

    private void failed(Exception e) {
        if (problem.isEmpty()) {
            LOG.error("the replica cannot be written; changes are enforced but not acknowledged until it can", e);
        }
        problem = Optional.of("the replica cannot be written: " + e.getMessage());
        failedAt = System.nanoTime();
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
