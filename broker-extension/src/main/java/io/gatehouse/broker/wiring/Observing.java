package io.gatehouse.broker.wiring;

import io.gatehouse.broker.admit.Governance;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Observes until its time, says so loudly and again and again, and ends by itself. Thread-safe. */
final class Observing {
    private static final Logger LOG = LoggerFactory.getLogger(Observing.class);
    private static final Duration AGAIN = Duration.ofMinutes(10);

    private final Governance governance;
    private final InstantSource clock;
    private volatile @Nullable Instant until;
    private Instant said = Instant.EPOCH;

    Observing(Governance governance, InstantSource clock) {
        this.governance = governance;
        this.clock = clock;
    }

    /** {@code alone}: no other extension authenticates. A time that has passed begins nothing. */
    void begin(Instant end, boolean alone) {
        if (!clock.instant().isBefore(end)) {
            LOG.info(
                    "Observing has ended at {}: decisions bind. Take mode and observe-until out of the configuration.",
                    end);
            return;
        }
        until = end;
        governance.mode(alone ? Governance.Mode.OBSERVE_ALONE : Governance.Mode.OBSERVE);
    }

    /** Nothing can be decided any more, so nobody may be let in undecided. */
    synchronized void abandon() {
        until = null;
        governance.mode(Governance.Mode.ENFORCE);
    }

    /** Until when, while it lasts. */
    Optional<Instant> until() {
        return Optional.ofNullable(until);
    }

    /** The sentence for the operator, while it lasts. */
    Optional<String> problem() {
        var end = until;
        return end == null
                ? Optional.empty()
                : Optional.of("only observes until " + end + ": it refuses nobody"
                        + (governance.mode() == Governance.Mode.OBSERVE_ALONE
                                ? " who has a certificate of the devices CAs, a revoked one too"
                                : "; another extension decides"));
    }

    /** Says it again when it is time, and calls {@code end} when observing is over; again, should that fail. */
    synchronized void look(Runnable end) {
        var last = until;
        if (last == null) {
            return;
        }
        var now = clock.instant();
        if (!now.isBefore(last)) {
            LOG.warn("Observing ends now: decisions bind, also for those who are connected.");
            end.run();
            until = null;
        } else if (said.plus(AGAIN).isBefore(now)) {
            said = now;
            LOG.warn(
                    "THIS BROKER IS NOT PROTECTED by Gatehouse: it {}.",
                    problem().orElse(""));
        }
    }
}
