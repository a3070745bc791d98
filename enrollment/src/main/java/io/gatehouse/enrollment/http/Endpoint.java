package io.gatehouse.enrollment.http;

/**
 * Answers one request; called on a server thread and may block for a short while. Everything it throws but {@link Unreadable} is
 * a broken world: logged once with a correlation id, answered by a generic text.
 */
@FunctionalInterface
public interface Endpoint {
    Answer answer(Request request);
}
