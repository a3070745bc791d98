package io.gatehouse.gateway.cli;

/** The exit codes of {@code gatehouse}. */
public final class Exit {
    public static final int DONE = 0;
    /** Failed, refused, or degraded. */
    public static final int FAILED = 1;
    /** Wrong usage or configuration. */
    public static final int USAGE = 2;
    /** No service could be reached. */
    public static final int UNREACHABLE = 3;

    public static final int INTERNAL = 70;

    private Exit() {}
}
