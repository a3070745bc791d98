package io.gatehouse.broker.admit;

import io.gatehouse.admission.decision.Decision;
import io.gatehouse.admission.replica.View;
import io.gatehouse.broker.control.BrokerControl;
import io.gatehouse.broker.control.Later;
import io.gatehouse.broker.sessions.StoredClients;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.RefusalReason;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the clients of listeners that are not governed and the devices apart. The broker has one name space of client ids, whatever the
 * listener, and whoever connects under an id gets the session of that id, its queue with it. The rule: an id that names a device of the
 * directory, with or without a suffix, belongs to that device on every listener; all others belong to whoever uses them. Thread-safe.
 */
public final class Strangers {
    private static final Logger LOG = LoggerFactory.getLogger(Strangers.class);

    private final Governance governance;
    private final Readiness readiness;
    private final StoredClients clients;
    private final BrokerControl control;
    private final Function<String, CompletionStage<Void>> purge;
    private final Later later;
    private final Set<String> purging = ConcurrentHashMap.newKeySet();

    /** {@code purge} throws the stored session of a client id away. */
    public Strangers(
            Governance governance,
            Readiness readiness,
            StoredClients clients,
            BrokerControl control,
            Function<String, CompletionStage<Void>> purge,
            Later later) {
        this.governance = governance;
        this.readiness = readiness;
        this.clients = clients;
        this.control = control;
        this.purge = purge;
        this.later = later;
    }

    /**
     * Why a client of a listener that is not governed may not use this id. While nobody knows the devices, nobody knows whose session it
     * is that the broker keeps under the id either.
     */
    Optional<RefusalReason> whyNotStranger(String clientId) {
        if (StoredClients.deviceOf(clientId).isEmpty()) {
            return Optional.empty();
        }
        if (knowsDevices()) {
            return whyNotNamed(clientId);
        }
        return control.hasSession(clientId) ? Optional.of(RefusalReason.NOT_SYNCHRONISED) : Optional.empty();
    }

    /** The same for one who is already in, and therefore has a session: a device of its name may have been registered meanwhile. */
    Optional<RefusalReason> whyNotNamed(String clientId) {
        boolean named = readiness.state() instanceof Readiness.Open open
                && StoredClients.deviceOf(clientId)
                        .filter(device -> open.directory()
                                .read(view -> view.device(device))
                                .isPresent())
                        .isPresent();
        return named ? Optional.of(RefusalReason.CLIENT_ID_MISMATCH) : Optional.empty();
    }

    /** A stranger is in under this id: the session that the broker has under it is no device's, whoever was seen with it before. */
    void takesOver(String clientId) {
        if (knowsDevices()) {
            StoredClients.deviceOf(clientId).ifPresent(device -> clients.forget(device, clientId::equals));
        }
    }

    private boolean knowsDevices() {
        return readiness.state() instanceof Readiness.Open open
                && open.directory().read(View::synchronised);
    }

    /**
     * Why an admitted device cannot connect at this moment: the broker has a session under its id that somebody else began before the id
     * was a device's. While that client is connected it is left alone, and the device waits ({@code conflict}); when it is away its
     * session, which it can never resume, is thrown away.
     */
    CompletionStage<Optional<RefusalReason>> whyNotDevice(Decision.Admit admit, String clientId) {
        if (!governance.leavesSome()) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        if (purging.contains(clientId)) {
            return CompletableFuture.completedFuture(Optional.of(RefusalReason.UNAVAILABLE));
        }
        if (clients.knows(clientId)) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        var looked = new CompletableFuture<Optional<RefusalReason>>();
        later.now(() -> {
            try {
                looked.complete(lookForStranger(admit, clientId));
            } catch (RuntimeException e) {
                looked.completeExceptionally(e);
            }
        });
        return looked;
    }

    /** Asks the broker's disk. */
    private Optional<RefusalReason> lookForStranger(Decision.Admit admit, String clientId) {
        if (!control.hasSession(clientId)) {
            return Optional.empty();
        }
        if (control.connected(clientId)) {
            return Optional.of(RefusalReason.CONFLICT);
        }
        throwAway(admit.device(), clientId);
        return Optional.of(RefusalReason.UNAVAILABLE);
    }

    private void throwAway(DeviceId device, String clientId) {
        if (purging.add(clientId)) {
            LOG.warn(
                    "Throwing away the session that a client of a listener which is not governed began as {}.", device);
            purge.apply(clientId).whenComplete((done, failure) -> {
                purging.remove(clientId);
                if (failure != null) {
                    LOG.error("The session of a stranger in the name of {} could not be thrown away.", device, failure);
                }
            });
        }
    }
}
