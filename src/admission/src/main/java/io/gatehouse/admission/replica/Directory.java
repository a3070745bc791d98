package io.gatehouse.admission.replica;

import io.gatehouse.admission.feed.Entry;
import io.gatehouse.admission.feed.Entry.DeviceEntry;
import io.gatehouse.admission.feed.FeedLine.Change;
import io.gatehouse.identity.DeviceId;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.StampedLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Who may connect, in memory: about 120 bytes for a device with one certificate. Any number of readers and one writer; a reader sees
 * all of a revision or nothing of it.
 */
public final class Directory {
    private final StampedLock lock = new StampedLock();
    private Tables tables = new Tables();

    /** An empty directory, which admits nobody. */
    public Directory() {}

    /** Runs the question on one revision; the question must be quick and must neither keep the view nor ask again inside. */
    public <T> T read(Function<View, T> question) {
        long stamp = lock.readLock();
        try {
            return question.apply(tables);
        } finally {
            lock.unlockRead(stamp);
        }
    }

    /** Applies a change, which must be the next revision: else IllegalArgumentException and nothing is done. */
    Applied apply(Change change) {
        return apply(change, applied -> {});
    }

    /** The same; {@code together} happens before anybody can see the new revision. */
    Applied apply(Change change, Consumer<Applied> together) {
        long stamp = lock.writeLock();
        try {
            var applied = apply(tables, change);
            together.accept(applied);
            return applied;
        } finally {
            lock.unlockWrite(stamp);
        }
    }

    static Applied apply(Tables tables, Change change) {
        if (!tables.synchronised() || change.revision() != tables.revision() + 1) {
            throw new IllegalArgumentException("revision " + change.revision() + " after " + tables.revision());
        }
        var touched = new Touched();
        for (Entry entry : change.entries()) {
            touched.note(tables, entry);
            tables.put(entry);
        }
        tables.reached(tables.epoch(), change.revision());
        return touched.applied(change);
    }

    /** Puts a whole directory in the place of this one. */
    Applied replace(Tables whole) {
        return replace(whole, Set::of, applied -> {});
    }

    /**
     * The same; {@code others}, asked when nobody can see the old directory any more, are to be purged too, and {@code together} happens
     * before anybody can see the new one.
     */
    Applied replace(Tables whole, Supplier<Set<DeviceId>> others, Consumer<Applied> together) {
        // Nobody else writes, so comparing needs no lock: readers go on with the old one meanwhile.
        var purged = purged(tables, whole);
        long stamp = lock.writeLock();
        try {
            purged.addAll(others.get());
            var applied = Applied.full(whole.revision(), purged);
            tables = whole;
            together.accept(applied);
            return applied;
        } finally {
            lock.unlockWrite(stamp);
        }
    }

    /** The service said just now that this is the current revision. */
    void contact(Instant now) {
        long stamp = lock.writeLock();
        try {
            tables.freshness().heard(now, Duration.ZERO);
        } finally {
            lock.unlockWrite(stamp);
        }
    }

    /** The tables as they are now, for the writer and for {@link #guarded}. */
    Tables tables() {
        return read(view -> tables);
    }

    /** Looks at tables that are, or were, this directory's, while nobody changes them. */
    <T> T guarded(Tables some, Function<Tables, T> question) {
        long stamp = lock.readLock();
        try {
            return question.apply(some);
        } finally {
            lock.unlockRead(stamp);
        }
    }

    private static Set<DeviceId> purged(Tables before, Tables after) {
        var purged = new HashSet<DeviceId>();
        for (int slot = 0; slot < after.devices.slotEnd(); slot++) {
            after.devices
                    .entry(slot)
                    .filter(before::isPurgedBy)
                    .map(DeviceEntry::id)
                    .ifPresent(purged::add);
        }
        for (int slot = 0; slot < before.devices.slotEnd(); slot++) {
            before.devices
                    .entry(slot)
                    .map(DeviceEntry::id)
                    .filter(id -> after.devices.get(id).isEmpty())
                    .ifPresent(purged::add);
        }
        return purged;
    }
}
