package io.gatehouse.broker.sessions;

import io.gatehouse.identity.DeviceId;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * Under which client ids a device has or had a session on this broker, connected or stored: {@code <DeviceId>} and
 * {@code <DeviceId>:<suffix>}. May name a client whose session is gone; never misses one. Thread-safe.
 */
public final class StoredClients {
    private final Map<DeviceId, Set<String>> byDevice = new ConcurrentHashMap<>();

    /** The device that a client id can belong to, if any. */
    public static Optional<DeviceId> deviceOf(String clientId) {
        int colon = clientId.indexOf(':');
        return DeviceId.parse(colon < 0 ? clientId : clientId.substring(0, colon));
    }

    public void add(DeviceId device, String clientId) {
        byDevice.compute(device, (id, set) -> {
            Set<String> clients = set == null ? ConcurrentHashMap.newKeySet(1) : set;
            clients.add(clientId);
            return clients;
        });
    }

    /**
     * Adds the client id, if with it the device has at most {@code max}; true when it may have a session. One that is there already has
     * no right to stay: the limit may have been lowered. Where only the device's own id is allowed, others take nobody's place. One
     * device's calls exclude each other.
     */
    public boolean reserve(DeviceId device, String clientId, int max) {
        boolean[] there = new boolean[1];
        byDevice.compute(device, (id, set) -> {
            Set<String> clients = set == null ? ConcurrentHashMap.newKeySet(1) : set;
            int others = clients.size() - (clients.contains(clientId) ? 1 : 0);
            there[0] = max == 1 || others < max;
            if (there[0]) {
                clients.add(clientId);
            }
            return clients.isEmpty() ? null : clients;
        });
        return there[0];
    }

    public boolean has(DeviceId device, String clientId) {
        return byDevice.getOrDefault(device, Set.of()).contains(clientId);
    }

    /** How many client ids of a device are here. */
    public int count(DeviceId device) {
        return byDevice.getOrDefault(device, Set.of()).size();
    }

    /** Whether a device has or had a session here under this client id. */
    public boolean knows(String clientId) {
        return deviceOf(clientId)
                .filter(device -> of(device).contains(clientId))
                .isPresent();
    }

    public Set<String> of(DeviceId device) {
        return Set.copyOf(byDevice.getOrDefault(device, Set.of()));
    }

    /** Every device with a client id here. */
    public Set<DeviceId> devices() {
        return Set.copyOf(byDevice.keySet());
    }

    /** Forgets those of a device's client ids that have no session any more. */
    public void forget(DeviceId device, Predicate<String> gone) {
        byDevice.computeIfPresent(device, (id, clients) -> {
            clients.removeIf(gone);
            return clients.isEmpty() ? null : clients;
        });
    }
}
