package io.gatehouse.enrollment.ca.crl;

import java.math.BigInteger;
import java.util.List;

/**
 * What is on a CRL, by rising serial number, in columns: 36 bytes of heap an entry, and the same set always makes the same bytes. Immutable
 * and thread-safe.
 */
public final class Revocations {
    private static final Revocations NONE = new Revocations(0);

    private static final int REASON_BITS = 4;

    private final int size;
    /** The serial numbers: 160 bits, without sign. */
    private final int[] top;

    private final long[] high;
    private final long[] low;
    /** Seconds since 1970, shifted, and the CRLReason. */
    private final long[] since;
    /** Seconds since 1970. */
    private final long[] end;

    private Revocations(int size) {
        this.size = size;
        this.top = new int[size];
        this.high = new long[size];
        this.low = new long[size];
        this.since = new long[size];
        this.end = new long[size];
    }

    /** Nothing is revoked. */
    public static Revocations none() {
        return NONE;
    }

    public int size() {
        return size;
    }

    boolean contains(Serial serial) {
        int from = 0;
        int to = size - 1;
        while (from <= to) {
            int middle = (from + to) >>> 1;
            int order = serial.compareTo(top[middle], high[middle], low[middle]);
            if (order == 0) {
                return true;
            }
            if (order < 0) {
                to = middle - 1;
            } else {
                from = middle + 1;
            }
        }
        return false;
    }

    /** How many octets the content of the serial number's INTEGER takes. */
    int serialLength(int at) {
        int bits = bits(at);
        return bits / 8 + 1;
    }

    /** One of those octets, the last being 0. */
    byte serialOctet(int at, int fromEnd) {
        if (fromEnd < Long.BYTES) {
            return (byte) (low[at] >>> (8 * fromEnd));
        }
        if (fromEnd < 2 * Long.BYTES) {
            return (byte) (high[at] >>> (8 * (fromEnd - Long.BYTES)));
        }
        return fromEnd < Serial.OCTETS ? (byte) (top[at] >>> (8 * (fromEnd - 2 * Long.BYTES))) : 0;
    }

    long second(int at) {
        return since[at] >> REASON_BITS;
    }

    int reason(int at) {
        return (int) (since[at] & ((1 << REASON_BITS) - 1));
    }

    private int bits(int at) {
        if (top[at] != 0) {
            return 128 + Integer.SIZE - Integer.numberOfLeadingZeros(top[at]);
        }
        return high[at] != 0
                ? 64 + Long.SIZE - Long.numberOfLeadingZeros(high[at])
                : Long.SIZE - Long.numberOfLeadingZeros(low[at]);
    }

    /** The serial number of an entry, for tests. */
    BigInteger serial(int at) {
        var octets = new byte[serialLength(at)];
        for (int i = 0; i < octets.length; i++) {
            octets[octets.length - 1 - i] = serialOctet(at, i);
        }
        return new BigInteger(octets);
    }

    /**
     * What has become of one certificate.
     *
     * @param listed false when it is to be on the CRL no more
     * @param second since when it is revoked
     * @param end the certificate's notAfter, in seconds
     */
    record Change(Serial serial, boolean listed, long second, int reason, long end) {}

    /**
     * These after the changes, and without those whose certificate had ended at that second.
     *
     * @param changes by rising serial number, each at most once
     */
    Revocations with(List<Change> changes, long endedAt) {
        int kept = 0;
        for (int at = 0; at < size; at++) {
            kept += end[at] > endedAt ? 1 : 0;
        }
        if (changes.isEmpty() && kept == size) {
            return this;
        }
        var merged = new Merge(this, size + changes.size(), endedAt);
        for (var change : changes) {
            merged.apply(change);
        }
        return merged.finish();
    }

    private static final class Merge {
        private final Revocations from;
        private final Revocations to;
        private final long endedAt;
        private int read;
        private int written;

        Merge(Revocations from, int most, long endedAt) {
            this.from = from;
            this.to = new Revocations(most);
            this.endedAt = endedAt;
        }

        void apply(Change change) {
            var serial = change.serial();
            while (read < from.size && serial.compareTo(from.top[read], from.high[read], from.low[read]) > 0) {
                copy();
            }
            if (read < from.size && serial.compareTo(from.top[read], from.high[read], from.low[read]) == 0) {
                read++;
            }
            if (change.listed() && change.end() > endedAt) {
                to.top[written] = serial.top();
                to.high[written] = serial.high();
                to.low[written] = serial.low();
                to.since[written] = change.second() << REASON_BITS | change.reason();
                to.end[written] = change.end();
                written++;
            }
        }

        private void copy() {
            if (from.end[read] > endedAt) {
                to.top[written] = from.top[read];
                to.high[written] = from.high[read];
                to.low[written] = from.low[read];
                to.since[written] = from.since[read];
                to.end[written] = from.end[read];
                written++;
            }
            read++;
        }

        Revocations finish() {
            while (read < from.size) {
                copy();
            }
            return to.cut(written);
        }
    }

    /** The first ones alone. */
    private Revocations cut(int wanted) {
        var result = new Revocations(wanted);
        System.arraycopy(top, 0, result.top, 0, wanted);
        System.arraycopy(high, 0, result.high, 0, wanted);
        System.arraycopy(low, 0, result.low, 0, wanted);
        System.arraycopy(since, 0, result.since, 0, wanted);
        System.arraycopy(end, 0, result.end, 0, wanted);
        return result;
    }
}
