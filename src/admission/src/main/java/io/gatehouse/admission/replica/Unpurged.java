package io.gatehouse.admission.replica;

import io.gatehouse.identity.DeviceId;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Whose sessions are still to be thrown away, and because of which revision; survives a restart with the replica. Thread-safe. */
final class Unpurged {
    private final Map<DeviceId, Long> revisions = new ConcurrentHashMap<>();

    void add(Applied applied) {
        applied.purged().forEach(id -> revisions.put(id, applied.revision()));
    }

    void addAll(Map<DeviceId, Long> others) {
        revisions.putAll(others);
    }

    /** Done, unless the device was revoked once more after that revision. Whether there was something to do. */
    boolean purged(DeviceId device, long revision) {
        Long wanted = revisions.get(device);
        return wanted != null && wanted <= revision && revisions.remove(device, wanted);
    }

    Set<DeviceId> devices() {
        return Set.copyOf(revisions.keySet());
    }

    Map<DeviceId, Long> revisions() {
        return Map.copyOf(revisions);
    }
}
