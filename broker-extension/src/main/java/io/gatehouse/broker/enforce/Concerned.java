package io.gatehouse.broker.enforce;

import io.gatehouse.admission.replica.Applied;
import io.gatehouse.admission.replica.Directory;
import io.gatehouse.broker.sessions.StoredClients;
import io.gatehouse.identity.DeviceId;
import java.util.LinkedHashSet;
import java.util.Set;

/** Which devices a change concerns, of those that have or had a session here. Thread-safe. */
final class Concerned {
    private final Directory directory;
    private final StoredClients clients;

    Concerned(Directory directory, StoredClients clients) {
        this.directory = directory;
        this.clients = clients;
    }

    /** Those whose fleet, state, attributes, policy or limits may be others than before. */
    Set<DeviceId> by(Applied applied) {
        if (applied.full()) {
            return clients.devices();
        }
        var concerned = new LinkedHashSet<DeviceId>();
        applied.devices().stream().filter(id -> clients.count(id) > 0).forEach(concerned::add);
        if (!applied.fleets().isEmpty()) {
            for (var id : clients.devices()) {
                directory
                        .read(view -> view.device(id))
                        .filter(device -> applied.fleets().contains(device.fleet()))
                        .ifPresent(device -> concerned.add(id));
            }
        }
        return concerned;
    }
}
