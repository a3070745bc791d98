package io.gatehouse.agent.task;

import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * How long to wait before the next attempt: doubles from the first wait to the longest, and each is drawn between half of it and all of it,
 * so that a fleet does not come back in step. What a peer asks for is the least. Not thread-safe.
 */
public final class BackOff {
    private final Duration first;
    private final Duration longest;
    private final RandomGenerator random;
    private int failures;

    public BackOff(Duration first, Duration longest, RandomGenerator random) {
        this.first = first;
        this.longest = longest;
        this.random = random;
    }

    /** The wait after one more failure. */
    public Duration next(Optional<Duration> asked) {
        var doubled = first.toMillis() << Math.min(failures, 20);
        failures = Math.min(failures + 1, 20);
        var base = Math.min(doubled, longest.toMillis());
        var wait = Duration.ofMillis(base / 2 + random.nextLong(base / 2 + 1));
        // a herd that was asked to wait the same time must not come back in step either
        return asked.filter(least -> least.compareTo(wait) > 0)
                .map(least -> least.plusMillis(random.nextLong(least.toMillis() / 4 + 1)))
                .orElse(wait);
    }

    /** How often it failed since it last went well. */
    public int failures() {
        return failures;
    }

    /** It went well: the next failure waits the first time again. */
    public void reset() {
        failures = 0;
    }
}
