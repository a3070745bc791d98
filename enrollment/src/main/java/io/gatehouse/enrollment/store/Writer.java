package io.gatehouse.enrollment.store;

import io.gatehouse.enrollment.app.domain.CertificateStatus;
import io.gatehouse.enrollment.app.port.ChangeListener;
import io.gatehouse.enrollment.app.port.Registry.Commit;
import io.gatehouse.enrollment.app.port.RegistryUnavailable;
import io.gatehouse.enrollment.app.port.RegistryUnavailable.Cause;
import io.gatehouse.enrollment.app.port.StatusListener;
import io.gatehouse.enrollment.app.port.Transaction;
import io.gatehouse.enrollment.app.port.View.ChangeLine;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that writes. It takes all units that are waiting into one transaction, each in a savepoint of its own, commits
 * once, tells the listeners, and only then the callers. When the database cannot be used it fails the whole group, with nothing
 * of it stored, and tries afresh with the next.
 */
final class Writer {
    private static final Logger LOG = LoggerFactory.getLogger(Writer.class);
    private static final int LARGEST_GROUP = 256;
    private static final long CLEAN_EVERY = 256;

    private final Sql db;
    private final SameFile file;
    private final InstantSource clock;
    private final long kept;
    private final BlockingQueue<Unit<?>> queue;
    private final List<ChangeListener> listeners = new CopyOnWriteArrayList<>();
    private final List<StatusListener> statusListeners = new CopyOnWriteArrayList<>();
    private final Unit<Boolean> end = new Unit<>(transaction -> true);
    private final Thread thread = new Thread(this::run, "registry-writer");
    // Nothing enters the queue after its end.
    private final Object door = new Object();
    private boolean closed;

    Writer(Sql db, SameFile file, InstantSource clock, int queued, long kept) {
        this.db = db;
        this.file = file;
        this.clock = clock;
        this.kept = kept;
        this.queue = new ArrayBlockingQueue<>(queued);
    }

    void start() {
        thread.setDaemon(true);
        thread.start();
    }

    void listen(ChangeListener listener) {
        listeners.add(listener);
    }

    void listen(StatusListener listener) {
        statusListeners.add(listener);
    }

    <T> Commit<T> commit(Function<Transaction, T> work) {
        if (Thread.currentThread() == thread) {
            throw new IllegalStateException("a unit of work must not wait for another");
        }
        var unit = new Unit<>(work);
        synchronized (door) {
            if (closed) {
                throw new RegistryUnavailable(Cause.CLOSED, "the registry is closed");
            }
            if (!queue.offer(unit)) {
                throw new RegistryUnavailable(Cause.BUSY, "more work is waiting than the registry takes on");
            }
        }
        try {
            return unit.done().join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw e;
        }
    }

    /** Ends after what is waiting has been done. */
    void close() throws InterruptedException {
        synchronized (door) {
            if (!closed) {
                closed = true;
                queue.put(end);
            }
        }
        thread.join();
    }

    private void run() {
        boolean more = true;
        while (more) {
            var group = new ArrayList<Unit<?>>();
            try {
                group.add(queue.take());
            } catch (InterruptedException e) {
                // nobody interrupts this thread; it ends by its last unit
                continue;
            }
            queue.drainTo(group, LARGEST_GROUP - 1);
            more = !group.contains(end);
            process(group);
        }
    }

    private void process(List<Unit<?>> group) {
        try {
            var changes = new ArrayList<ChangeLine>();
            var statuses = new ArrayList<CertificateStatus>();
            file.requireToWrite();
            db.execute("BEGIN IMMEDIATE");
            // Read anew each time: what is in the database counts, not what this thread believes.
            var before = Heads.read(new SqliteView(db));
            var heads = before;
            for (var unit : group) {
                heads = run(unit, heads, changes, statuses);
            }
            if (heads.revision() != before.revision()) {
                db.execute("UPDATE home SET revision = ?", heads.revision());
                forgetOld(before, heads);
            }
            db.execute("COMMIT");
            long nanos = System.nanoTime();
            tell(statusListeners, listener -> listener.committed(statuses), statuses.isEmpty());
            tell(listeners, listener -> listener.committed(changes, nanos), changes.isEmpty());
            // After the listeners: when the file comes back, what was committed into it is in it.
            file.requireToWrite();
            group.forEach(unit -> unit.complete(nanos));
        } catch (RuntimeException e) {
            rollBack();
            var failure = Failures.translate(e);
            if (file.isInPlace()) { // else it has been said
                LOG.error("registry: {} units of work are lost: {}", group.size(), failure.getMessage());
            }
            LOG.debug("registry", e);
            group.forEach(unit -> unit.abort(failure));
        } catch (Error e) {
            rollBack();
            LOG.error("registry: {} units of work are lost", group.size(), e);
            var failure = new IllegalStateException("the registry failed", e);
            group.forEach(unit -> unit.abort(failure));
        }
    }

    private Heads run(Unit<?> unit, Heads heads, List<ChangeLine> changes, List<CertificateStatus> statuses) {
        var transaction = new SqliteTransaction(db, heads, clock);
        int had = changes.size();
        db.execute("SAVEPOINT unit");
        boolean keep = false;
        try {
            keep = unit.run(transaction, changes);
        } catch (RuntimeException e) {
            if (Failures.worldly(e) != null) {
                throw e;
            }
            unit.failed(e);
        }
        if (keep) {
            statuses.addAll(transaction.statuses());
        } else {
            changes.subList(had, changes.size()).clear();
            db.execute("ROLLBACK TO unit");
        }
        db.execute("RELEASE unit");
        var after = keep ? transaction.heads() : heads;
        unit.at(after.revision());
        return after;
    }

    /** Keeps the last changes only; a broker that needs an older one takes a snapshot. */
    private void forgetOld(Heads before, Heads after) {
        if (before.revision() / CLEAN_EVERY != after.revision() / CLEAN_EVERY) {
            db.execute("DELETE FROM change WHERE revision <= ?", after.revision() - kept);
        }
    }

    private static <L> void tell(List<L> listeners, Consumer<L> what, boolean nothing) {
        if (nothing) {
            return;
        }
        for (var listener : listeners) {
            try {
                what.accept(listener);
            } catch (RuntimeException e) {
                LOG.error("registry: a listener failed", e);
            }
        }
    }

    private void rollBack() {
        try {
            db.execute("ROLLBACK");
        } catch (RuntimeException e) {
            // SQLite has rolled back by itself, or there was no transaction yet
            LOG.debug("registry: nothing to roll back", e);
        }
    }
}
