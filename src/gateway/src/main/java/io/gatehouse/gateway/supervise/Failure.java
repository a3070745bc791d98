package io.gatehouse.gateway.supervise;

/**
 * Why everything was stopped without being asked to.
 *
 * @param isConfiguration whether a person has to change something before another try makes sense
 */
public record Failure(String reason, boolean isConfiguration) {
    /** The exit code of the command: 2 for what has to be mended in the configuration, else 1. */
    public int exit() {
        return isConfiguration ? 2 : 1;
    }
}
