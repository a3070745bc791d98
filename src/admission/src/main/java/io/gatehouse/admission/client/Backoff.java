package io.gatehouse.admission.client;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** How long to wait before the next attempt: 0.2 to 10 s, doubled each time, jittered so that brokers do not come in step. */
final class Backoff {
    private static final long FIRST_MILLIS = 400;
    private static final long MOST_MILLIS = 10_000;

    private final RandomGenerator random;
    private long millis = FIRST_MILLIS;

    Backoff(RandomGenerator random) {
        this.random = random;
    }

    /** Half of the present step at least, all of it at most. */
    Duration next() {
        long wait = millis / 2 + random.nextLong(millis / 2 + 1);
        millis = Math.min(MOST_MILLIS, millis * 2);
        return Duration.ofMillis(wait);
    }

    /** It worked. */
    void reset() {
        millis = FIRST_MILLIS;
    }
}
