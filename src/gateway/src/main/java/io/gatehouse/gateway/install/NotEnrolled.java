package io.gatehouse.gateway.install;

/** A node cannot be enrolled as things are; the message says what to do. Nothing in use was changed. */
public final class NotEnrolled extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotEnrolled(String message) {
        super(message);
    }
}
