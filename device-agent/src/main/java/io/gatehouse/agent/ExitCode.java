package io.gatehouse.agent;

/** The agent's exit codes, which scripts and service managers rely on. */
public enum ExitCode {
    DONE(0, "done; needs-renewal: renew now"),
    USAGE(2, "usage or configuration"),
    TRANSIENT(3, "network or service busy: try again"),
    REFUSED(4, "refused: a person must act (the word is printed)"),
    REVOKED(5, "revoked or decommissioned, confirmed by the service"),
    CLOCK(6, "the clock is wrong"),
    KEY_STORE(7, "the key store cannot be used"),
    WAITING(8, "pending approval or suspended: keep asking"),
    STILL_VALID(10, "needs-renewal: still valid"),
    INTERNAL(70, "internal error");

    private final int code;
    private final String meaning;

    ExitCode(int code, String meaning) {
        this.code = code;
        this.meaning = meaning;
    }

    public int code() {
        return code;
    }

    /** For help texts. */
    public String meaning() {
        return meaning;
    }
}
