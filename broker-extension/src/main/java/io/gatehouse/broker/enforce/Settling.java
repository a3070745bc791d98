package io.gatehouse.broker.enforce;

import io.gatehouse.broker.control.BrokerControl;
import io.gatehouse.broker.control.Later;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Waits for what the broker does by itself after a connection is closed. Thread-safe; nothing here blocks. */
final class Settling {
    private static final long FIRST_LOOK_MILLIS = 1;
    private static final long LONGEST_LOOK_MILLIS = 100;
    /** How long the broker may take to note that a closed connection is closed. */
    private static final long LIMIT_MILLIS = 30_000;
    /** After noting that a connection is closed the broker notes its will, a moment later and without telling. */
    private static final long WILL_MILLIS = 20;

    private final BrokerControl control;
    private final Later later;

    Settling(BrokerControl control, Later later) {
        this.control = control;
        this.later = later;
    }

    /** Completes when the broker has noted that the client is not connected, at once if it has; fails when that takes too long. */
    CompletableFuture<Void> disconnected(String clientId) {
        var noted = new CompletableFuture<Void>();
        look(clientId, noted, FIRST_LOOK_MILLIS, 0);
        return noted;
    }

    /** Completes when the wills of all that are {@link #disconnected} now are noted, so that they can be dropped. */
    CompletionStage<Void> willsNoted() {
        var over = new CompletableFuture<Void>();
        later.after(WILL_MILLIS, () -> over.complete(null));
        return over;
    }

    private void look(String clientId, CompletableFuture<Void> noted, long pause, long waited) {
        try {
            if (!control.connected(clientId)) {
                noted.complete(null);
            } else if (waited > LIMIT_MILLIS) {
                noted.completeExceptionally(new IllegalStateException(clientId + " is still connected"));
            } else {
                later.after(
                        pause, () -> look(clientId, noted, Math.min(LONGEST_LOOK_MILLIS, pause * 2), waited + pause));
            }
        } catch (RuntimeException e) {
            noted.completeExceptionally(e);
        }
    }
}
