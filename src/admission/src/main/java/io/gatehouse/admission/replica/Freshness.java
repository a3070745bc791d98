package io.gatehouse.admission.replica;

import java.time.Duration;
import java.time.Instant;
import java.util.function.LongSupplier;

/**
 * How long ago the service was heard, by two clocks of which the one that says more is believed. The time of day also counts what a
 * machine slept or was off, but can be set; the running time cannot be set, and is carried over restarts. Turning the time of day back
 * therefore never makes a directory younger. Set forward it makes it older, until it is right again or the service is heard. Not
 * thread-safe.
 */
final class Freshness {
    /** Less is no clock that was set, but one that is being steered. */
    private static final Duration STEP = Duration.ofSeconds(1);

    private final LongSupplier nanos;
    private Contact before = Contact.NEVER;
    private long since;
    private boolean heardHere;

    /** @param nanos the running time, in nanoseconds since any moment */
    Freshness(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** The service was heard so long ago; {@code at} is when that was. */
    void heard(Instant at, Duration ago) {
        before = new Contact(at, ago);
        since = nanos.getAsLong();
        heardHere = true;
    }

    /** The service was heard by an earlier run. */
    void found(Contact contact) {
        before = contact;
        since = nanos.getAsLong();
        heardHere = false;
    }

    Instant heard() {
        return before.heard();
    }

    Duration age(Instant now) {
        var byClock = Duration.between(before.heard(), now);
        if (byClock.isNegative()) {
            // Set back while this ran, it says nothing. At a start it is wrong, now or then: how far counts.
            byClock = heardHere ? Duration.ZERO : byClock.negated();
        }
        var alone = alone();
        return byClock.compareTo(alone) > 0 ? byClock : alone;
    }

    /** What the next run has to know. */
    Contact contact(Instant now) {
        var alone = alone();
        var atLeast = now.minus(alone);
        // A clock that was set back while this ran: the next run knows nothing of how it was before.
        boolean setBack = heardHere && atLeast.plus(STEP).isBefore(before.heard());
        return new Contact(setBack ? atLeast : before.heard(), alone);
    }

    private Duration alone() {
        return before.alone().plusNanos(nanos.getAsLong() - since);
    }
}
