package io.gatehouse.gateway.cli;

/** What was asked for could not be done, for a reason that is no one's mistake in the command; exits with 1. */
public final class CommandFailed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public CommandFailed(String message) {
        super(message);
    }
}
