package io.gatehouse.gateway.demo;

/** A step of the story does not hold; the message says what was expected and what was seen. */
public final class StepFailed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public StepFailed(String message) {
        super(message);
    }

    static void unless(boolean holds, String expectedAndSeen) {
        if (!holds) {
            throw new StepFailed(expectedAndSeen);
        }
    }
}
