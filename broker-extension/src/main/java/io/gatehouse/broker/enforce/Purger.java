package io.gatehouse.broker.enforce;

import io.gatehouse.broker.admit.Governance;
import io.gatehouse.broker.control.BrokerControl;
import io.gatehouse.broker.control.Later;
import io.gatehouse.broker.sessions.StoredClients;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.RefusalReason;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Throws away all sessions of a device with their subscriptions, queues and pending wills, so that a successor of the same name gets
 * nothing of them. From {@link #announce} until it is done the device is {@link #purging} and must not connect. A failure is tried
 * again until it works. Thread-safe.
 */
public final class Purger {
    private static final Logger LOG = LoggerFactory.getLogger(Purger.class);
    private static final long RETRY_MILLIS = 1_000;

    private final Governance governance;
    private final BrokerControl control;
    private final StoredClients clients;
    private final Later later;
    private final Settling settling;
    private final Set<DeviceId> pending = ConcurrentHashMap.newKeySet();

    public Purger(Governance governance, BrokerControl control, StoredClients clients, Later later) {
        this.governance = governance;
        this.control = control;
        this.clients = clients;
        this.later = later;
        this.settling = new Settling(control, later);
    }

    public boolean purging(DeviceId device) {
        return pending.contains(device);
    }

    /** How many devices wait for it. */
    public int pending() {
        return pending.size();
    }

    /** From now on these may not connect until {@link #purge} is done with them. */
    public void announce(Collection<DeviceId> devices) {
        pending.addAll(devices);
    }

    /** Throws away what there is of an announced device; completes when it is gone. */
    public CompletionStage<Void> purge(DeviceId device) {
        var done = new CompletableFuture<Void>();
        attempt(device, done);
        return done;
    }

    /** Throws away the session of a client id that is no device's. */
    public CompletionStage<Void> purgeStranger(String clientId) {
        return purge(clientId);
    }

    private void attempt(DeviceId device, CompletableFuture<Void> done) {
        var known = clients.of(device);
        var all = CompletableFuture.allOf(known.stream()
                .map(this::purge)
                .map(CompletionStage::toCompletableFuture)
                .toArray(CompletableFuture[]::new));
        // The device's own id needs no index, unless a client of another extension may use it.
        var own = known.contains(device.value()) || governance.leavesSome()
                ? CompletableFuture.<Void>completedFuture(null)
                : purge(device.value()).toCompletableFuture();
        CompletionStage<Void> both = CompletableFuture.allOf(all, own);
        both.whenComplete((nothing, failure) -> {
            if (failure == null) {
                pending.remove(device);
                clients.forget(device, id -> !control.hasSession(id));
                done.complete(null);
            } else {
                LOG.error(
                        "The sessions of {} could not be thrown away yet; it may not connect until then.",
                        device,
                        failure);
                later.after(RETRY_MILLIS, () -> attempt(device, done));
            }
        });
    }

    private CompletionStage<Void> purge(String clientId) {
        if (!control.hasSession(clientId)) {
            return CompletableFuture.completedFuture(null);
        }
        return control.disconnect(clientId, RefusalReason.REVOKED)
                // before it has noted that, throwing the session away would bring the will back, and the disconnect the
                // session
                .thenCompose(closed -> settling.disconnected(clientId))
                .thenCompose(settled -> settling.willsNoted())
                // of a connection that broke by itself just now: its will was noted after the first word
                .thenCompose(paused -> control.disconnect(clientId, RefusalReason.REVOKED))
                .thenCompose(silenced -> control.purge(clientId))
                .thenRun(() -> {
                    if (control.hasSession(clientId)) {
                        throw new IllegalStateException("the broker still has a session of " + clientId);
                    }
                });
    }
}
