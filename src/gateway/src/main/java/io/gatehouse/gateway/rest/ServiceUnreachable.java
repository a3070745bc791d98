package io.gatehouse.gateway.rest;

/** No service answers there; the message says where, and what can be done. The command exits with 3. */
public final class ServiceUnreachable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ServiceUnreachable(String message) {
        super(message);
    }
}
