package io.gatehouse.benchmarks;

import java.util.Arrays;

/** Measured times in milliseconds, sorted. Immutable. */
final class Millis {
    private static final double NANOS = 1e6;

    private final double[] sorted;

    private Millis(double[] sorted) {
        this.sorted = sorted;
    }

    /** From milliseconds in any order, at least one. */
    static Millis of(double... values) {
        if (values.length == 0) {
            throw new IllegalArgumentException("nothing was measured");
        }
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return new Millis(sorted);
    }

    /** What lies between two readings of the monotonic clock. */
    static double between(long fromNanos, long toNanos) {
        return (toNanos - fromNanos) / NANOS;
    }

    /** The smallest value that at least {@code percent} of all values do not exceed (nearest rank). */
    double percentile(int percent) {
        int rank = (int) Math.ceil(percent / 100.0 * sorted.length);
        return sorted[Math.max(1, rank) - 1];
    }

    int count() {
        return sorted.length;
    }
}
