package io.gatehouse.enrollment.ca.crl;

import java.math.BigInteger;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;

/**
 * The entries of one CRL. Filled by one thread, then written once; costs some 60 bytes of heap an entry. Not thread-safe.
 */
public final class RevokedSet {
    /** The CRLReason {@code unspecified}, which is left out (RFC 5280, section 5.3.1). */
    public static final int UNSPECIFIED = 0;

    private static final int MOST_OCTETS = 21;

    private Entry[] entries = new Entry[64];
    private int size;
    private long latest = Long.MIN_VALUE;

    /** An entry as it is written: the INTEGER's content octets, seconds since 1970, the CRLReason. */
    @SuppressWarnings("ArrayRecordComponent") // sorted by its own comparator, never compared otherwise
    record Entry(byte[] serial, long second, int reason) {
        /** By rising number: the longer is the greater, because an INTEGER has no needless octets. */
        static int bySerial(Entry one, Entry other) {
            var byLength = Integer.compare(one.serial.length, other.serial.length);
            return byLength != 0 ? byLength : Arrays.compareUnsigned(one.serial, other.serial);
        }
    }

    /**
     * Adds a certificate.
     *
     * @param since when it was revoked or held, of which whole seconds count
     * @param reason the CRLReason's number; {@link #UNSPECIFIED} is not written
     */
    public void add(BigInteger serial, Instant since, int reason) {
        var octets = serial.toByteArray();
        if (serial.signum() <= 0 || octets.length > MOST_OCTETS || reason < 0 || reason > 10) {
            throw new IllegalArgumentException("no entry of a CRL");
        }
        if (size == entries.length) {
            entries = Arrays.copyOf(entries, 2 * size);
        }
        var second = since.truncatedTo(ChronoUnit.SECONDS).getEpochSecond();
        entries[size++] = new Entry(octets, second, reason);
        latest = Math.max(latest, second);
    }

    public int size() {
        return size;
    }

    /** That time, or the latest revocation if this is later: a CRL must not list what has not happened yet. */
    public Instant notBeforeAny(Instant time) {
        return time.getEpochSecond() >= latest ? time : Instant.ofEpochSecond(latest);
    }

    /** The entries by rising serial number, so that the same set always makes the same bytes. */
    Entry[] sorted() {
        var sorted = Arrays.copyOf(entries, size);
        Arrays.sort(sorted, Entry::bySerial);
        return sorted;
    }
}
