package io.gatehouse.broker.monitor;

import com.codahale.metrics.Timer;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/** How long something takes: for Prometheus in buckets, for HiveMQ's registry as its timer. Thread-safe, and never waits. */
public final class Durations {
    private final Timer timer;
    private final long[] bounds;
    private final LongAdder[] buckets;
    private final LongAdder nanosInAll = new LongAdder();

    /** {@code boundsNanos} ascend; what is longer than the last counts too. */
    public Durations(Timer timer, long... boundsNanos) {
        this.timer = timer;
        this.bounds = boundsNanos.clone();
        this.buckets = new LongAdder[bounds.length + 1];
        Arrays.setAll(buckets, at -> new LongAdder());
    }

    public void took(long nanos) {
        int at = 0;
        while (at < bounds.length && nanos > bounds[at]) {
            at++;
        }
        buckets[at].increment();
        nanosInAll.add(nanos);
        timer.update(nanos, TimeUnit.NANOSECONDS);
    }

    void write(Exposition to, String name, String help) {
        to.histogram(name, help);
        long count = 0;
        for (int at = 0; at < bounds.length; at++) {
            count += buckets[at].sum();
            to.sample(name + "_bucket", "le", Exposition.number(seconds(bounds[at])), count);
        }
        count += buckets[bounds.length].sum();
        to.sample(name + "_bucket", "le", "+Inf", count);
        to.sample(name + "_sum", seconds(nanosInAll.sum()));
        to.sample(name + "_count", count);
    }

    private static double seconds(long nanos) {
        return nanos / 1e9;
    }
}
