package io.gatehouse.admission.client;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** How long to wait before the next attempt: 0.2 to 10 s, doubled each time, jittered so that brokers do not come in step. */
final class Backoff {
    private static final Duration FIRST = Duration.ofMillis(400);
    private static final Duration MOST = Duration.ofSeconds(10);

    private final RandomGenerator random;
    private final long firstMillis;
    private final long mostMillis;
    private long millis;

    Backoff(RandomGenerator random) {
        this(random, FIRST, MOST);
    }

    Backoff(RandomGenerator random, Duration first, Duration most) {
        this.random = random;
        this.firstMillis = first.toMillis();
        this.mostMillis = most.toMillis();
        this.millis = firstMillis;
    }

    /** Half of the present step at least, all of it at most. */
    Duration next() {
        long wait = millis / 2 + random.nextLong(millis / 2 + 1);
        millis = Math.min(mostMillis, millis * 2);
        return Duration.ofMillis(wait);
    }

    /** It worked. */
    void reset() {
        millis = firstMillis;
    }
}
