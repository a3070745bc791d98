package io.gatehouse.broker.enforce;

import io.gatehouse.admission.replica.Applied;
import io.gatehouse.admission.replica.Directory;
import io.gatehouse.admission.replica.View;
import io.gatehouse.broker.control.BrokerControl;
import io.gatehouse.broker.sessions.Sessions;
import io.gatehouse.broker.sessions.StoredClients;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.DeviceState;
import io.gatehouse.identity.FleetState;
import io.gatehouse.identity.RefusalReason;
import java.util.Collection;
import java.util.LinkedHashSet;

/** Drops the delayed wills of clients that are away and whose device or fleet may not speak any more. Their sessions stay. */
public final class PendingWills {
    private final Directory directory;
    private final Sessions sessions;
    private final StoredClients clients;
    private final BrokerControl control;

    public PendingWills(Directory directory, Sessions sessions, StoredClients clients, BrokerControl control) {
        this.directory = directory;
        this.sessions = sessions;
        this.clients = clients;
        this.control = control;
    }

    void drop(Applied applied) {
        for (var device : candidates(applied)) {
            if (sessions.of(device).isEmpty() && directory.read(view -> isSilenced(view, device))) {
                // For a client that is away this does nothing but forget its will.
                clients.of(device).forEach(clientId -> control.disconnect(clientId, RefusalReason.SUSPENDED));
            }
        }
    }

    private Collection<DeviceId> candidates(Applied applied) {
        if (applied.full() || !applied.fleets().isEmpty()) {
            return clients.devices();
        }
        var candidates = new LinkedHashSet<>(applied.devices());
        candidates.removeAll(applied.purged());
        return candidates;
    }

    private static boolean isSilenced(View view, DeviceId id) {
        return view.device(id)
                .map(device -> device.state() != DeviceState.ACTIVE
                        || view.fleet(device.fleet())
                                .map(fleet -> fleet.entry().state() != FleetState.ACTIVE)
                                .orElse(true))
                .orElse(true);
    }
}
