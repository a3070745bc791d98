package io.gatehouse.enrollment.http;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How many bytes of bodies a port holds at a time, over all its connections: what one may send is bounded by its route, what all
 * may send together is bounded here. Thread-safe.
 */
final class BodyRoom {
    private final long most;
    private final AtomicLong taken = new AtomicLong();

    BodyRoom(long most) {
        this.most = most;
    }

    /** Whether there was room; what was taken must be given back. */
    boolean take(int bytes) {
        if (taken.addAndGet(bytes) <= most) {
            return true;
        }
        taken.addAndGet(-bytes);
        return false;
    }

    void giveBack(long bytes) {
        taken.addAndGet(-bytes);
    }
}
