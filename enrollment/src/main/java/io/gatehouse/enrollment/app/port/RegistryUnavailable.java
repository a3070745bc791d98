package io.gatehouse.enrollment.app.port;

/**
 * The registry cannot do it now: the caller may try again later, nothing was changed by the attempt. Edges answer 503. It becomes
 * able again by itself, without a restart, when the cause goes away.
 */
public final class RegistryUnavailable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Why. */
    public enum Cause {
        /** More work is waiting than is taken on. */
        BUSY,
        /** Another program holds the database. */
        LOCKED,
        /** No room on the disk. */
        FULL,
        /** Anything else: an input or output error, a damaged file. */
        BROKEN,
        /** The service is stopping. */
        CLOSED
    }

    private final Cause kind;

    public RegistryUnavailable(Cause kind, String message) {
        super(message);
        this.kind = kind;
    }

    public RegistryUnavailable(Cause kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Cause kind() {
        return kind;
    }
}
