package io.gatehouse.enrollment.http;

import io.gatehouse.identity.RefusalReason;

/**
 * A request that cannot be understood, thrown only by code that translates a request into values and caught once by the server.
 * Use cases return refusals as values.
 */
public final class Unreadable extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final RefusalReason reason;
    private final String detail;

    /** The detail is shown to the peer: no secrets, nothing of the inside. */
    public Unreadable(RefusalReason reason, String detail) {
        super(reason.word() + ": " + detail, null, false, false);
        this.reason = reason;
        this.detail = detail;
    }

    public RefusalReason reason() {
        return reason;
    }

    public String detail() {
        return detail;
    }
}
