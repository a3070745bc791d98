package io.gatehouse.broker.sessions;

import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.Fingerprint;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** All live sessions, found by id, by device and by certificate. Thread-safe, and weakly consistent as its maps are. */
public final class Sessions {
    private final Map<String, LiveSession> byId = new ConcurrentHashMap<>();
    private final Map<DeviceId, Set<LiveSession>> byDevice = new ConcurrentHashMap<>();
    private final Map<Fingerprint, Set<LiveSession>> byCertificate = new ConcurrentHashMap<>();

    public void add(LiveSession session) {
        put(byDevice, session.device(), session);
        put(byCertificate, session.certificate(), session);
        byId.put(session.id(), session);
    }

    public void remove(LiveSession session) {
        byId.remove(session.id());
        take(byDevice, session.device(), session);
        take(byCertificate, session.certificate(), session);
    }

    public Optional<LiveSession> find(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    public List<LiveSession> of(DeviceId device) {
        return List.copyOf(byDevice.getOrDefault(device, Set.of()));
    }

    public List<LiveSession> of(Fingerprint certificate) {
        return List.copyOf(byCertificate.getOrDefault(certificate, Set.of()));
    }

    /** A view that never fails while sessions come and go. */
    public Collection<LiveSession> all() {
        return byId.values();
    }

    public int size() {
        return byId.size();
    }

    private static <K> void put(Map<K, Set<LiveSession>> map, K key, LiveSession session) {
        map.compute(key, (k, set) -> {
            Set<LiveSession> sessions = set == null ? ConcurrentHashMap.newKeySet(1) : set;
            sessions.add(session);
            return sessions;
        });
    }

    private static <K> void take(Map<K, Set<LiveSession>> map, K key, LiveSession session) {
        map.computeIfPresent(key, (k, set) -> {
            set.remove(session);
            return set.isEmpty() ? null : set;
        });
    }
}
