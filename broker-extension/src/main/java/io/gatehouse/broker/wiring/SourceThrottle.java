package io.gatehouse.broker.wiring;

import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;

/**
 * Lets so many refusals of one source through in a while, so that one device that asks for what it may not have does not push what others
 * were refused out of the lists. Holds at most so many sources; those beyond wait for the next while. Thread-safe.
 */
final class SourceThrottle {
    static final Duration WHILE = Duration.ofSeconds(10);
    static final int MOST_OF_ONE = 20;
    static final int MOST_SOURCES = 20_000;

    private final InstantSource clock;
    private final Map<String, Integer> seen = new HashMap<>();
    private long window;

    SourceThrottle(InstantSource clock) {
        this.clock = clock;
    }

    /** Whether this refusal of that source is to be told. */
    synchronized boolean lets(String source) {
        long now = clock.millis() / WHILE.toMillis();
        if (now != window) {
            window = now;
            seen.clear();
        }
        if (!seen.containsKey(source) && seen.size() >= MOST_SOURCES) {
            return false;
        }
        return seen.merge(source, 1, (was, one) -> Math.min(was + one, MOST_OF_ONE + 1)) <= MOST_OF_ONE;
    }
}
