package io.gatehouse.gateway.rest;

/** The service refused: its status, its word (may be empty) and its sentence. The body is kept as it came, for {@code --json}. */
public final class RequestRefused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String reason;
    private final String body;

    RequestRefused(int status, String reason, String detail, String body) {
        super(reason.isEmpty() ? detail : detail + " (" + reason + ")");
        this.status = status;
        this.reason = reason;
        this.body = body;
    }

    public int status() {
        return status;
    }

    /** The word of {@code RefusalReason}, or an empty string. */
    public String reason() {
        return reason;
    }

    public String body() {
        return body;
    }

    /** Whether what was asked for made no sense, rather than not being allowed or possible now. */
    public boolean isMisuse() {
        return status == 400 || status == 422;
    }
}
