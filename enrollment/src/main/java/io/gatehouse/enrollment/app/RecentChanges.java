package io.gatehouse.enrollment.app;

import io.gatehouse.enrollment.app.port.View.ChangeLine;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/** The last changes in memory, so that a live stream needs no query; wakes who waits for the next. Thread-safe. */
final class RecentChanges {
    private static final int KEPT = 4096;
    private static final long KEPT_BYTES = 16L * 1024 * 1024;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<ChangeLine> lines = new ArrayDeque<>();
    private long bytes;
    private long last;

    void standsAt(long revision) {
        lock.lock();
        try {
            last = Math.max(last, revision);
        } finally {
            lock.unlock();
        }
    }

    void add(List<ChangeLine> changes) {
        lock.lock();
        try {
            for (var change : changes) {
                lines.addLast(change);
                bytes += change.line().length;
                last = Math.max(last, change.revision());
            }
            while (lines.size() > KEPT || bytes > KEPT_BYTES) {
                bytes -= lines.removeFirst().line().length;
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    long last() {
        lock.lock();
        try {
            return last;
        } finally {
            lock.unlock();
        }
    }

    void wake() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until there is a change after that revision; false when there was none in time, or nobody wants it any more. */
    boolean awaitAfter(long revision, Duration timeout, BooleanSupplier wanted) throws InterruptedException {
        lock.lock();
        try {
            long left = timeout.toNanos();
            while (last <= revision && wanted.getAsBoolean() && left > 0) {
                left = changed.awaitNanos(left);
            }
            return last > revision;
        } finally {
            lock.unlock();
        }
    }

    /** The changes after that revision; nothing when not all of them are here any more. */
    Optional<List<ChangeLine>> after(long revision, int limit) {
        lock.lock();
        try {
            if (lines.isEmpty() || lines.getFirst().revision() > revision + 1) {
                return Optional.empty();
            }
            // From the newest backwards: a live stream wants the last one or two of thousands.
            var found = new ArrayList<ChangeLine>();
            for (var walk = lines.descendingIterator(); walk.hasNext(); ) {
                var line = walk.next();
                if (line.revision() <= revision) {
                    break;
                }
                found.add(line);
            }
            java.util.Collections.reverse(found);
            return Optional.of(found.size() <= limit ? found : List.copyOf(found.subList(0, limit)));
        } finally {
            lock.unlock();
        }
    }
}
