package io.gatehouse.broker.admit;

import io.gatehouse.admission.decision.Decision;
import io.gatehouse.broker.control.BrokerControl;
import io.gatehouse.broker.control.Later;
import io.gatehouse.broker.sessions.Grant;
import io.gatehouse.broker.sessions.StoredClients;
import io.gatehouse.broker.sessions.Wills;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.RefusalReason;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What the broker keeps of clients that may be away, as far as a CONNECT depends on it. The broker answers from its disk, so it is never
 * asked in the calling thread. Thread-safe.
 */
public final class StoredSessions {
    private static final long LONGEST_WAIT_MILLIS = 5_000;

    private final BrokerControl control;
    private final StoredClients clients;
    private final Wills wills;
    private final Predicate<DeviceId> purging;
    private final Progress progress;
    private final Later later;
    /** Who is being counted, or was a moment ago. */
    private final Map<DeviceId, CompletableFuture<Void>> counts = new ConcurrentHashMap<>();

    /** {@code purging}: whether a device's sessions are being thrown away at this moment. */
    public StoredSessions(
            BrokerControl control,
            StoredClients clients,
            Wills wills,
            Predicate<DeviceId> purging,
            Progress progress,
            Later later) {
        this.control = control;
        this.clients = clients;
        this.wills = wills;
        this.purging = purging;
        this.progress = progress;
        this.later = later;
    }

    /**
     * Completes when every change is looked at: whoever was admitted before may have a predecessor whose session must go, and only then
     * {@link #makeRoom} knows. A moment, or a failure.
     */
    CompletionStage<Void> caughtUp() {
        var caughtUp = progress.caughtUp().toCompletableFuture();
        if (!caughtUp.isDone()) {
            later.after(
                    LONGEST_WAIT_MILLIS,
                    () -> caughtUp.completeExceptionally(
                            new IllegalStateException("enforcement does not keep up with the feed")));
        }
        return caughtUp;
    }

    /**
     * Counts the client's session among the device's; the reason when it cannot have one now. When there seem to be too many, those
     * whose session is gone are forgotten first.
     */
    CompletionStage<Optional<RefusalReason>> makeRoom(Decision.Admit admit, String clientId) {
        var now = takeRoom(admit, clientId);
        return now.equals(Optional.of(RefusalReason.SESSION_LIMIT))
                ? counted(admit.device()).thenApply(done -> takeRoom(admit, clientId))
                : CompletableFuture.completedFuture(now);
    }

    /** The same with what is known at once. */
    Optional<RefusalReason> takeRoom(Decision.Admit admit, String clientId) {
        if (purging.test(admit.device())) {
            // Its predecessor's messages are still there for a moment.
            return Optional.of(RefusalReason.UNAVAILABLE);
        }
        return clients.reserve(admit.device(), clientId, admit.sessionsMax())
                ? Optional.empty()
                : Optional.of(RefusalReason.SESSION_LIMIT);
    }

    /**
     * Whoever connected under this id, whatever the directory says of it: a device of this name may be registered while the broker keeps the
     * session, and what was subscribed to in it before was never decided.
     */
    void note(String clientId) {
        StoredClients.deviceOf(clientId).ifPresent(device -> clients.add(device, clientId));
    }

    /** Forgets the device's client ids whose session is gone, at a cost of at most one look a millisecond, however often it is asked. */
    private CompletableFuture<Void> counted(DeviceId device) {
        return counts.computeIfAbsent(device, id -> {
            var counted = new CompletableFuture<Void>();
            later.now(() -> {
                var known = clients.of(id);
                known.forEach(clientId -> tidy(id, clientId));
                later.after(known.size(), () -> counts.remove(id));
                counted.complete(null);
            });
            return counted;
        });
    }

    /** Forgets a client id of a device, if its session is gone. */
    public void tidy(DeviceId device, String clientId) {
        var left = wills.of(clientId);
        if (!control.hasSession(clientId)) {
            clients.forget(device, clientId::equals);
            left.ifPresent(gone -> wills.forget(clientId, gone));
        }
    }

    /** Whether there may be a session of this client id. */
    boolean mayHave(DeviceId device, String clientId) {
        return clients.has(device, clientId);
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
