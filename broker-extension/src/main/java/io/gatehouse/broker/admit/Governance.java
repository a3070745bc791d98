package io.gatehouse.broker.admit;

import com.hivemq.extension.sdk.api.client.parameter.Listener;
import com.hivemq.extension.sdk.api.parameter.ClientBasedInput;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which connections are ours to decide, and whether the decision binds. At first every listener is governed and every decision binds;
 * a connection whose listener HiveMQ does not name is governed too. Thread-safe.
 */
public final class Governance {
    /** Whether the decision binds. */
    public enum Mode {
        ENFORCE,
        /** Decisions are written down and another extension decides. */
        OBSERVE,
        /** The same without another extension that authenticates: everybody whom a safe listener let through gets in. */
        OBSERVE_ALONE
    }

    private volatile Set<String> named = Set.of();
    private volatile Map<String, String> unsafe = Map.of();
    private volatile Mode mode = Mode.ENFORCE;

    /** From now on only these listeners are governed; none named: all. */
    public void govern(Set<String> listeners) {
        named = Set.copyOf(listeners);
    }

    /** Nobody gets in by these governed listeners; each with a sentence for the operator. */
    public void unsafe(Map<String, String> listeners) {
        unsafe = Map.copyOf(listeners);
    }

    public void mode(Mode now) {
        mode = now;
    }

    public Mode mode() {
        return mode;
    }

    public boolean observes() {
        return mode != Mode.ENFORCE;
    }

    /** Whether some listeners are left to other extensions: then not every client here is a device. */
    public boolean leavesSome() {
        return !named.isEmpty();
    }

    public boolean governs(ClientBasedInput input) {
        var listeners = named;
        var listener = listener(input);
        return listeners.isEmpty() || listener.isEmpty() || listeners.contains(listener.get());
    }

    boolean isUnsafe(ClientBasedInput input) {
        return listener(input).filter(unsafe::containsKey).isPresent();
    }

    public Map<String, String> unsafe() {
        return unsafe;
    }

    private static Optional<String> listener(ClientBasedInput input) {
        return input.getConnectionInformation().getListener().map(Listener::getName);
    }
}
