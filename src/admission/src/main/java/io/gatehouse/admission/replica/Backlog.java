package io.gatehouse.admission.replica;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What waits for the disk, bounded in bytes; adding never waits, however long the disk does. A record that finds no room is left out, and
 * {@link Missing} stands in its place: then only the whole directory can be written. Any thread adds, one takes.
 */
final class Backlog {
    /** Twenty seconds of as many changes as a service commits. */
    private static final long MOST_BYTES = 16L << 20;

    /** What a record costs besides its payload. */
    private static final int OVERHEAD = 96;

    sealed interface Task {}

    /** A record about these tables; {@code revision} is 0 for one that is no change. */
    // Compared by nobody; the array is handed on.
    @SuppressWarnings("ArrayRecordComponent")
    record Append(byte[] payload, long revision, Tables tables) implements Task {
        /** Whether it comes after that revision of those tables; what is no change always does. A hole is an error. */
        boolean isAfter(@Nullable Tables some, long reached) {
            if (revision != 0 && tables == some && revision > reached + 1) {
                throw new IllegalStateException("a record of revision " + revision + " after " + reached);
            }
            return revision == 0 || (tables == some && revision > reached);
        }

        private long bytes() {
            return (long) payload.length + OVERHEAD;
        }
    }

    /** There is a whole new directory. */
    record Replaced() implements Task {}

    /** Here records were left out. All that they say is in the directory by the time that this is taken. */
    record Missing() implements Task {}

    record Stop() implements Task {}

    private final BlockingQueue<Task> queue = new LinkedBlockingQueue<>();
    private final Deque<Task> drained = new ArrayDeque<>();
    private final AtomicLong bytes = new AtomicLong();
    /** Whether a {@link Missing} waits; what is left out meanwhile needs no other. */
    private final AtomicBoolean missing = new AtomicBoolean();

    /** Adds a record of what is in the directory already. */
    void add(Append append) {
        if (bytes.addAndGet(append.bytes()) <= MOST_BYTES) {
            queue.add(append);
            return;
        }
        bytes.addAndGet(-append.bytes());
        if (!missing.getAndSet(true)) {
            queue.add(new Missing());
        }
    }

    void replaced() {
        queue.add(new Replaced());
    }

    void stop() {
        queue.add(new Stop());
    }

    /** The next, or nothing when there is none in that time. */
    @Nullable
    Task poll(long millis) throws InterruptedException {
        if (drained.isEmpty()) {
            Task first = queue.poll(millis, TimeUnit.MILLISECONDS);
            queue.drainTo(drained);
            return taken(first);
        }
        return pollDrained();
    }

    /** The next of those that waited already when {@link #poll} found something; then one sync serves them all. */
    @Nullable
    Task pollDrained() {
        return taken(drained.poll());
    }

    private @Nullable Task taken(@Nullable Task task) {
        if (task instanceof Append append) {
            bytes.addAndGet(-append.bytes());
        } else if (task instanceof Missing) {
            // Before the directory is looked at: who leaves something out from now on says so again.
            missing.set(false);
        }
        return task;
    }
}
