package io.gatehouse.broker.enforce;

import io.gatehouse.admission.decision.Admission;
import io.gatehouse.admission.replica.Directory;
import io.gatehouse.admission.replica.View;
import io.gatehouse.broker.admit.Governance;
import io.gatehouse.broker.control.BrokerControl;
import io.gatehouse.broker.sessions.StoredClients;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.DeviceState;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Goes through all sessions that the broker keeps, connected or not: at start, and whenever the whole directory was replaced. */
public final class StoredSweep {
    private static final Logger LOG = LoggerFactory.getLogger(StoredSweep.class);

    private final Governance governance;
    private final Directory directory;
    private final BrokerControl control;
    private final StoredClients clients;
    private final Purger purger;

    public StoredSweep(
            Governance governance, Directory directory, BrokerControl control, StoredClients clients, Purger purger) {
        this.governance = governance;
        this.directory = directory;
        this.control = control;
        this.clients = clients;
        this.purger = purger;
    }

    /** Notes which client ids each device has here; returns when it knows all. */
    public void index() {
        control.eachSession(clientId -> StoredClients.deviceOf(clientId)
                        .filter(this::canBeOurs)
                        .ifPresent(device -> clients.add(device, clientId)))
                .toCompletableFuture()
                .join();
    }

    /** Where other extensions admit clients too, only what names a device of the directory. */
    private boolean canBeOurs(DeviceId device) {
        return !governance.leavesSome()
                || directory.read(view -> view.device(device)).isPresent();
    }

    /**
     * Throws away every session that can never be resumed: of nobody's client id, of a device that is not there or gone for good. Where
     * other extensions admit clients too, a session that is not known as a device's is theirs, and stays.
     */
    public void run() {
        if (!directory.read(View::synchronised)) {
            return;
        }
        CompletionStage<Void> all = control.eachSession(clientId -> {
            if (!mayKeep(clientId)) {
                LOG.info("Throwing away the stored session of a client that is no device here any more.");
                var unused = purger.purgeStranger(clientId);
            }
        });
        all.whenComplete((done, failure) -> {
            if (failure != null) {
                LOG.error("The stored sessions could not all be looked at.", failure);
            }
        });
    }

    private boolean mayKeep(String clientId) {
        Optional<DeviceId> id = StoredClients.deviceOf(clientId);
        if (governance.leavesSome() && !clients.knows(clientId)) {
            return true;
        }
        return id.isPresent()
                && directory.read(view -> view.device(id.get())
                        .filter(device ->
                                device.state() != DeviceState.DECOMMISSIONED && device.state() != DeviceState.REJECTED)
                        .flatMap(device -> view.fleet(device.fleet()))
                        .filter(fleet -> Admission.bound(
                                clientId, id.get(), fleet.entry().sessionsMax()))
                        .isPresent());
    }
}
