package io.gatehouse.broker.wiring;

import java.time.InstantSource;
import java.util.OptionalLong;

/** Lets so many lines a second through, so that a flood of strangers does not become a flood of log. Thread-safe. */
final class LogThrottle {
    private final int perSecond;
    private final InstantSource clock;
    private long second;
    private int said;
    private long unsaid;

    LogThrottle(int perSecond, InstantSource clock) {
        this.perSecond = perSecond;
        this.clock = clock;
    }

    /** Nothing when this line is to be left out; otherwise how many were left out before it. */
    synchronized OptionalLong next() {
        long now = clock.instant().getEpochSecond();
        if (now != second) {
            second = now;
            said = 0;
        }
        if (said >= perSecond) {
            unsaid++;
            return OptionalLong.empty();
        }
        said++;
        long before = unsaid;
        unsaid = 0;
        return OptionalLong.of(before);
    }
}
