package io.gatehouse.agent;

import io.gatehouse.identity.RefusalReason;
import java.time.Duration;
import java.util.Optional;

/**
 * Why something was not done.
 *
 * @param exit what kind of failure it is, and the exit code that it ends with
 * @param reason the word, when the service or the broker gave one that we know
 * @param message one line for people, without secrets
 * @param retryAfter how long the peer asked to wait
 */
public record Failure(ExitCode exit, Optional<RefusalReason> reason, String message, Optional<Duration> retryAfter) {

    public static Failure of(ExitCode exit, String message) {
        return new Failure(exit, Optional.empty(), message, Optional.empty());
    }

    /** A failure that passes by itself. */
    public static Failure passing(String message) {
        return of(ExitCode.TRANSIENT, message);
    }

    /** A refusal with its word; the word decides whether it is final, passes, or waits for a person. */
    public static Failure refused(RefusalReason reason, String by) {
        return new Failure(
                exitOf(reason),
                Optional.of(reason),
                by + ": " + reason + " (" + reason.sentence() + ")",
                Optional.empty());
    }

    public Failure retryAfter(Optional<Duration> wait) {
        return new Failure(exit, reason, message, wait);
    }

    /** The same with another kind. */
    public Failure as(ExitCode other) {
        return new Failure(other, reason, message, retryAfter);
    }

    /** Whether the word is this one. */
    public boolean is(RefusalReason word) {
        return reason.filter(word::equals).isPresent();
    }

    /** What a word means for the device, when nobody but its sender has confirmed it: REVOKED is for the service alone to say. */
    private static ExitCode exitOf(RefusalReason reason) {
        return switch (reason) {
            case PENDING, SUSPENDED, HELD -> ExitCode.WAITING;
            case NOT_SYNCHRONISED, STALE, KICKED, TOO_MANY_REQUESTS, UNAVAILABLE, INTERNAL_ERROR -> ExitCode.TRANSIENT;
            default -> ExitCode.REFUSED;
        };
    }
}
