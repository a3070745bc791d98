package io.gatehouse.enrollment.http;

import io.gatehouse.identity.RefusalReason;
import java.util.Optional;

/** Told of each answer, on the thread that gave it. Must be quick and must not throw. */
@FunctionalInterface
public interface Observer {
    void answered(Seen seen);

    /**
     * @param port the port's name
     * @param method the method, {@code -} when it is none that is known here
     * @param path the route's template, {@code -} when no route was found: never what the peer sent
     * @param nanos from the request's head to the answer
     */
    record Seen(
            String port,
            String method,
            String path,
            int status,
            Optional<RefusalReason> refusal,
            String remote,
            long nanos) {}
}
