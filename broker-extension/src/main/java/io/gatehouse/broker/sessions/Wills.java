package io.gatehouse.broker.sessions;

import io.gatehouse.identity.Fingerprint;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The wills that clients left with the broker when they connected, which it publishes when they go, perhaps long after. The broker does
 * not tell what it holds, so this is what was seen since its start: of a client that is not here nothing is known. Thread-safe.
 */
public final class Wills {
    /** What the broker is to publish. */
    public record Will(String topic, int qos, boolean retain) {}

    /** With which certificate a client connected last, and what it left then, if anything. */
    public record Left(Fingerprint certificate, Optional<Will> will) {}

    private final Map<String, Left> byClient = new ConcurrentHashMap<>();

    /** The client connected, and whatever it left before is the broker's no more. */
    public void put(String clientId, Left left) {
        byClient.put(clientId, left);
    }

    /** From now on nothing is known of the client. */
    public void forget(String clientId) {
        byClient.remove(clientId);
    }

    /** The same, unless the client has left something else since {@code left}. */
    public void forget(String clientId, Left left) {
        byClient.computeIfPresent(clientId, (id, now) -> isSame(now, left) ? null : now);
    }

    @SuppressWarnings("ReferenceEquality") // a client may leave an equal will once more
    private static boolean isSame(Left one, Left other) {
        return one == other;
    }

    /** What the client left; nothing when it is not known whether it left a will. */
    public Optional<Left> of(String clientId) {
        return Optional.ofNullable(byClient.get(clientId));
    }
}
