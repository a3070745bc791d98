package io.gatehouse.broker.enforce;

import io.gatehouse.broker.admit.Governance;
import io.gatehouse.broker.admit.Progress;
import io.gatehouse.broker.control.BrokerControl;
import io.gatehouse.broker.control.Later;
import io.gatehouse.broker.sessions.StoredClients;
import io.gatehouse.broker.sessions.Wills;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.RefusalReason;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
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
    private final Wills wills;
    private final Progress progress;
    private final Settling settling;
    private final Map<DeviceId, Round> rounds = new ConcurrentHashMap<>();

    /** One purge of a device: from its announcement until the device may connect again. */
    private static final class Round {
        private final CompletableFuture<Void> over = new CompletableFuture<>();
        private final List<Runnable> waiting = new ArrayList<>();
        private boolean begun;
        private boolean thrownAway;

        /** True for the first, who has to begin it. */
        boolean join(Runnable whenGone) {
            boolean gone;
            boolean first;
            synchronized (this) {
                gone = thrownAway;
                first = !begun;
                begun = true;
                if (!gone) {
                    waiting.add(whenGone);
                }
            }
            if (gone) {
                whenGone.run();
            }
            return first;
        }

        void thrownAway() {
            List<Runnable> waited;
            synchronized (this) {
                thrownAway = true;
                waited = List.copyOf(waiting);
                waiting.clear();
            }
            waited.forEach(Runnable::run);
        }
    }

    public Purger(
            Governance governance,
            BrokerControl control,
            StoredClients clients,
            Wills wills,
            Progress progress,
            Later later) {
        this.governance = governance;
        this.control = control;
        this.clients = clients;
        this.wills = wills;
        this.progress = progress;
        this.later = later;
        this.settling = new Settling(control, later);
    }

    public boolean purging(DeviceId device) {
        return rounds.containsKey(device);
    }

    /** How many devices wait for it. */
    public int pending() {
        return rounds.size();
    }

    /**
     * From now on these may not connect until {@link #purge} is done with them. For one that is being purged at this moment that is enough:
     * it has not been able to connect since.
     */
    public void announce(Collection<DeviceId> devices) {
        devices.forEach(device -> rounds.computeIfAbsent(device, id -> new Round()));
    }

    /**
     * Throws away what there is of an announced device, which is begun before this returns and goes on elsewhere. {@code gone} runs
     * when it is gone, before the device may connect again; the stage completes after that. When an earlier purge has ended since the
     * announcement, nothing is left to do: what there is now is the successor's.
     */
    public CompletionStage<Void> purge(DeviceId device, Runnable gone) {
        var round = rounds.get(device);
        if (round == null) {
            gone.run();
            return CompletableFuture.completedFuture(null);
        }
        if (round.join(gone)) {
            later.now(() -> attempt(device, round));
        }
        return round.over;
    }

    /** Throws away the session of a client id that is no device's. */
    public CompletionStage<Void> purgeStranger(String clientId) {
        return purgeClient(clientId, RefusalReason.REVOKED);
    }

    /** Throws away one session; whoever is connected hears the reason. */
    CompletionStage<Void> purgeClient(String clientId, RefusalReason reason) {
        var purged = new CompletableFuture<Void>();
        later.now(() -> purge(clientId, reason).whenComplete((done, failure) -> {
            if (failure == null) {
                purged.complete(null);
            } else {
                purged.completeExceptionally(failure);
            }
        }));
        return purged;
    }

    private void attempt(DeviceId device, Round round) {
        attempt(device).whenComplete((nothing, failure) -> {
            if (failure == null) {
                round.thrownAway();
                clients.forget(device, id -> !control.hasSession(id));
                // A change that nobody has looked at yet may announce this device again, and is then done too.
                progress.caughtUp().thenRun(() -> {
                    rounds.remove(device, round);
                    round.over.complete(null);
                });
            } else {
                LOG.error(
                        "The sessions of {} could not be thrown away yet; it may not connect until then.",
                        device,
                        failure);
                later.after(RETRY_MILLIS, () -> attempt(device, round));
            }
        });
    }

    private CompletionStage<Void> attempt(DeviceId device) {
        try {
            var known = clients.of(device);
            var all = CompletableFuture.allOf(known.stream()
                    .map(clientId -> purge(clientId, RefusalReason.REVOKED))
                    .map(CompletionStage::toCompletableFuture)
                    .toArray(CompletableFuture[]::new));
            // The device's own id needs no index, unless a client of another extension may use it.
            var own = known.contains(device.value()) || governance.leavesSome()
                    ? CompletableFuture.<Void>completedFuture(null)
                    : purge(device.value(), RefusalReason.REVOKED).toCompletableFuture();
            return CompletableFuture.allOf(all, own);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private CompletionStage<Void> purge(String clientId, RefusalReason reason) {
        if (!control.hasSession(clientId)) {
            return CompletableFuture.completedFuture(null);
        }
        return control.disconnect(clientId, reason)
                // before it has noted that, throwing the session away would bring the will back, and the disconnect the
                // session
                .thenCompose(closed -> settling.disconnected(clientId))
                .thenCompose(settled -> settling.willsNoted())
                // of a connection that broke by itself just now: its will was noted after the first word
                .thenCompose(paused -> control.disconnect(clientId, reason))
                .thenCompose(silenced -> control.purge(clientId))
                .thenRun(() -> {
                    if (control.hasSession(clientId)) {
                        throw new IllegalStateException("the broker still has a session of " + clientId);
                    }
                    wills.forget(clientId);
                });
    }
}
