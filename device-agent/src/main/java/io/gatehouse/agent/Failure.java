package io.gatehouse.agent;

import io.gatehouse.identity.RefusalReason;
import java.time.Duration;
import java.util.Optional;

/**
 * Why something was not done.
 *
 * @param exit what kind of failure it is, and the exit code that it ends with
 * @param source who said so
 * @param reason the word, when the service or the broker gave one that we know
 * @param message one line for people, without secrets
 * @param retryAfter how long the peer asked to wait
 */
public record Failure(
        ExitCode exit, Source source, Optional<RefusalReason> reason, String message, Optional<Duration> retryAfter) {

    /** Who says that something failed: only the service's word ends a device. */
    public enum Source {
        AGENT,
        BROKER,
        SERVICE
    }

    public static Failure of(ExitCode exit, String message) {
        return new Failure(exit, Source.AGENT, Optional.empty(), message, Optional.empty());
    }

    /** A failure that passes by itself. */
    public static Failure passing(String message) {
        return of(ExitCode.TRANSIENT, message);
    }

    /** The broker ended it without a word that is known here, perhaps in its TLS layer, which has none. */
    public static Failure byBroker(ExitCode exit, String message) {
        return new Failure(exit, Source.BROKER, Optional.empty(), message, Optional.empty());
    }

    /** The broker's word: what it says of revocation is not confirmed by it alone. */
    public static Failure byBroker(RefusalReason reason) {
        return refused(exitOf(reason), Source.BROKER, reason, "the broker");
    }

    /** The service's word: revoked and decommissioned are final. */
    public static Failure byService(RefusalReason reason) {
        var last = reason == RefusalReason.REVOKED || reason == RefusalReason.DECOMMISSIONED;
        return refused(last ? ExitCode.REVOKED : exitOf(reason), Source.SERVICE, reason, "the service");
    }

    private static Failure refused(ExitCode exit, Source source, RefusalReason reason, String by) {
        var message = by + ": " + reason + " (" + reason.sentence() + ")";
        return new Failure(exit, source, Optional.of(reason), message, Optional.empty());
    }

    public Failure retryAfter(Optional<Duration> wait) {
        return new Failure(exit, source, reason, message, wait);
    }

    /** Whether the word is this one. */
    public boolean is(RefusalReason word) {
        return reason.filter(word::equals).isPresent();
    }

    private static ExitCode exitOf(RefusalReason reason) {
        return switch (reason) {
            case PENDING, SUSPENDED, HELD -> ExitCode.WAITING;
            case NOT_SYNCHRONISED, STALE, KICKED, TOO_MANY_REQUESTS, UNAVAILABLE, INTERNAL_ERROR -> ExitCode.TRANSIENT;
            default -> ExitCode.REFUSED;
        };
    }
}
