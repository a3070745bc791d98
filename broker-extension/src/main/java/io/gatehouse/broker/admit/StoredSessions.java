package io.gatehouse.broker.admit;

import io.gatehouse.admission.decision.Admission;
import io.gatehouse.admission.decision.Decision;
import io.gatehouse.broker.control.BrokerControl;
import io.gatehouse.broker.sessions.Grant;
import io.gatehouse.broker.sessions.StoredClients;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.RefusalReason;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** What the broker keeps of clients that may be away, as far as a CONNECT depends on it. Thread-safe. */
public final class StoredSessions {
    private final BrokerControl control;
    private final StoredClients clients;
    private final Predicate<DeviceId> purging;
    private final BooleanSupplier behind;

    /**
     * {@code purging}: whether a device's sessions are being thrown away at this moment; {@code behind}: whether they may have to be
     * for a change that nobody has looked at yet.
     */
    public StoredSessions(
            BrokerControl control, StoredClients clients, Predicate<DeviceId> purging, BooleanSupplier behind) {
        this.control = control;
        this.clients = clients;
        this.purging = purging;
        this.behind = behind;
    }

    /** Counts the client's session among the device's; the reason when it cannot have one now. */
    Optional<RefusalReason> makeRoom(Decision.Admit admit, String clientId) {
        if (purging.test(admit.device()) || (behind.getAsBoolean() && control.hasSession(clientId))) {
            // Its predecessor's messages are still there for a moment.
            return Optional.of(RefusalReason.UNAVAILABLE);
        }
        // A stored session that the fleet no longer allows takes nobody's place; until it is swept away it is
        // remembered.
        boolean room = clients.reserve(
                admit.device(),
                clientId,
                admit.sessionsMax(),
                other -> !control.hasSession(other),
                other -> Admission.bound(other, admit.device(), admit.sessionsMax()));
        return room ? Optional.empty() : Optional.of(RefusalReason.SESSION_LIMIT);
    }

    /** Forgets the client ids of a device whose session is gone. */
    public void tidy(DeviceId device) {
        clients.forget(device, clientId -> !control.hasSession(clientId));
    }

    boolean has(String clientId) {
        return control.hasSession(clientId);
    }

    /** Removes the subscriptions that the grant does not allow. */
    public CompletionStage<Void> removeForbidden(String clientId, Grant grant) {
        return control.subscriptions(clientId).thenCompose(all -> {
            var forbidden = all.stream()
                    .filter(each -> !grant.maySubscribe(each.filter(), each.qos()))
                    .map(BrokerControl.Subscription::filter)
                    .collect(Collectors.toUnmodifiableSet());
            return forbidden.isEmpty()
                    ? CompletableFuture.completedFuture(null)
                    : control.unsubscribe(clientId, forbidden);
        });
    }
}
