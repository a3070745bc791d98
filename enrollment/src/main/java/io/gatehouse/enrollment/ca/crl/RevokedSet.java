package io.gatehouse.enrollment.ca.crl;

import io.gatehouse.enrollment.ca.crl.Revocations.Change;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What is revoked or on hold, kept in memory: filled once from the registry, then told of each change. What it was told while it was being
 * filled counts more than what it was filled with, so nothing is lost in between. Thread-safe: telling it never waits for a CRL to be made.
 */
public final class RevokedSet {
    /** The CRLReason {@code unspecified}, which is left out (RFC 5280, section 5.3.1). */
    public static final int UNSPECIFIED = 0;

    private static final int LARGEST_REASON = 10;
    private static final int BATCH = 64 * 1024;

    private final List<Change> filling = new ArrayList<>();
    private Map<Serial, Change> told = new HashMap<>();
    private Map<Serial, Change> settling = Map.of();
    private Revocations settled = Revocations.none();
    private boolean filled;

    /**
     * Fills in a certificate, before {@link #filled()}; by one thread.
     *
     * @param since when it was revoked or held, of which whole seconds count
     * @param reason the CRLReason's number; {@link #UNSPECIFIED} is not written
     * @param notAfter when the certificate ends
     */
    public void fill(BigInteger serial, Instant since, int reason, Instant notAfter) {
        filling.add(change(serial, since, reason, notAfter));
        if (filling.size() == BATCH) {
            settleFilling();
        }
    }

    /** From now on it knows all that there is. */
    public void filled() {
        settleFilling();
        synchronized (this) {
            filled = true;
        }
    }

    /** A certificate is revoked or on hold. */
    public void put(BigInteger serial, Instant since, int reason, Instant notAfter) {
        var change = change(serial, since, reason, notAfter);
        synchronized (this) {
            told.put(change.serial(), change);
        }
    }

    /** A certificate is neither: released, or just issued. Whether it was listed, as far as that is known. */
    public boolean remove(BigInteger number) {
        var serial = Serial.of(number);
        synchronized (this) {
            if (!filled || told.containsKey(serial) || settling.containsKey(serial) || settled.contains(serial)) {
                told.put(serial, new Change(serial, false, 0, 0, 0));
                return true;
            }
            return false;
        }
    }

    /**
     * All that it has been told so far; certificates that ended at that time or before have left for good. By one thread at a time, and only
     * after {@link #filled()}.
     */
    public Revocations settle(Instant endedAt) {
        List<Change> changes;
        synchronized (this) {
            settling = told;
            told = new HashMap<>();
            changes = sorted(settling.values().stream().toList());
        }
        var next = settled.with(changes, endedAt.getEpochSecond());
        synchronized (this) {
            settled = next;
            settling = Map.of();
        }
        return next;
    }

    private void settleFilling() {
        var next = settled.with(sorted(filling), Long.MIN_VALUE);
        synchronized (this) {
            settled = next;
        }
        filling.clear();
    }

    private static List<Change> sorted(List<Change> changes) {
        var sorted = new ArrayList<>(changes);
        sorted.sort(Comparator.comparing(Change::serial));
        return sorted;
    }

    private static Change change(BigInteger serial, Instant since, int reason, Instant notAfter) {
        if (reason < 0 || reason > LARGEST_REASON) {
            throw new IllegalArgumentException("no CRLReason");
        }
        return new Change(Serial.of(serial), true, since.getEpochSecond(), reason, notAfter.getEpochSecond());
    }
}
