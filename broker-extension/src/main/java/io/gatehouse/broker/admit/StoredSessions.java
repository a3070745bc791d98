package io.gatehouse.broker.admit;

import io.gatehouse.admission.decision.Admission;
import io.gatehouse.admission.decision.Decision;
import io.gatehouse.broker.control.BrokerControl;
import io.gatehouse.broker.control.Later;
import io.gatehouse.broker.sessions.Grant;
import io.gatehouse.broker.sessions.StoredClients;
import io.gatehouse.broker.sessions.Wills;
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
    /** A millisecond apart. */
    private static final int MOST_LOOKS = 5_000;

    private final BrokerControl control;
    private final StoredClients clients;
    private final Wills wills;
    private final Predicate<DeviceId> purging;
    private final BooleanSupplier behind;
    private final Later later;

    /**
     * {@code purging}: whether a device's sessions are being thrown away at this moment; {@code behind}: whether they may have to be
     * for a change that nobody has looked at yet.
     */
    public StoredSessions(
            BrokerControl control,
            StoredClients clients,
            Wills wills,
            Predicate<DeviceId> purging,
            BooleanSupplier behind,
            Later later) {
        this.control = control;
        this.clients = clients;
        this.wills = wills;
        this.purging = purging;
        this.behind = behind;
        this.later = later;
    }

    /**
     * Completes when every change is looked at: whoever was admitted before may have a predecessor whose session must go, and only then
     * {@link #makeRoom} knows. A moment, or a failure.
     */
    CompletionStage<Void> caughtUp() {
        var caughtUp = new CompletableFuture<Void>();
        look(caughtUp, MOST_LOOKS);
        return caughtUp;
    }

    private void look(CompletableFuture<Void> caughtUp, int looks) {
        if (!behind.getAsBoolean()) {
            caughtUp.complete(null);
        } else if (looks == 0) {
            caughtUp.completeExceptionally(new IllegalStateException("enforcement does not keep up with the feed"));
        } else {
            later.after(1, () -> look(caughtUp, looks - 1));
        }
    }

    /** Counts the client's session among the device's; the reason when it cannot have one now. */
    Optional<RefusalReason> makeRoom(Decision.Admit admit, String clientId) {
        if (purging.test(admit.device())) {
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

    /** Forgets a client id of a device, if its session is gone. */
    public void tidy(DeviceId device, String clientId) {
        var left = wills.of(clientId);
        if (!control.hasSession(clientId)) {
            clients.forget(device, clientId::equals);
            left.ifPresent(gone -> wills.forget(clientId, gone));
        }
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
