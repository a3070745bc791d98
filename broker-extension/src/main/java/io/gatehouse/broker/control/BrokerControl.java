package io.gatehouse.broker.control;

import io.gatehouse.identity.RefusalReason;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** The broker's side of enforcement. Nothing here blocks on the network; thread-safe. */
public interface BrokerControl {
    /** A stored subscription. */
    record Subscription(String filter, int qos) {}

    /**
     * Sends DISCONNECT with the word and closes; drops the will, a pending one too. Completes when the socket is closed, with whether
     * there was one.
     */
    CompletionStage<Boolean> disconnect(String clientId, RefusalReason reason);

    /** Throws away the session of a client that is not connected, with its subscriptions and queue; nothing when there is none. */
    CompletionStage<Void> purge(String clientId);

    /** Whether the broker counts the client as connected; it goes on doing so for a moment after the socket is closed. */
    boolean connected(String clientId);

    /** Whether there is a session, connected or stored. */
    boolean hasSession(String clientId);

    CompletionStage<Set<Subscription>> subscriptions(String clientId);

    CompletionStage<Void> unsubscribe(String clientId, Set<String> filters);

    /** Names every client that has a session, connected or stored. */
    CompletionStage<Void> eachSession(Consumer<String> clientId);
}
