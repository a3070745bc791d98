package io.gatehouse.testkit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock that stands still until a test moves it. Thread-safe. */
public final class MutableClock implements InstantSource {
    private Instant now;

    private MutableClock(Instant start) {
        this.now = start;
    }

    /** A clock that shows that time. */
    public static MutableClock at(Instant start) {
        return new MutableClock(start);
    }

    /** A clock that shows that time, in RFC 3339. */
    public static MutableClock at(String start) {
        return at(Instant.parse(start));
    }

    @Override
    public synchronized Instant instant() {
        return now;
    }

    /** Moves the clock by that much, also back; returns the new time. */
    public synchronized Instant advance(Duration step) {
        now = now.plus(step);
        return now;
    }

    /** Sets the clock. */
    public synchronized void set(Instant time) {
        now = time;
    }
}
