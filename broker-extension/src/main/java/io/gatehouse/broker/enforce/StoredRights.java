package io.gatehouse.broker.enforce;

import io.gatehouse.admission.replica.Applied;
import io.gatehouse.admission.replica.Directory;
import io.gatehouse.broker.admit.StoredSessions;
import io.gatehouse.broker.control.Later;
import io.gatehouse.broker.sessions.Sessions;
import io.gatehouse.broker.sessions.StoredClients;
import io.gatehouse.identity.DeviceId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes subscriptions away from clients that are not connected and may not have them any more, one client after the other, so that no
 * more is queued for them. What is queued already is dropped when it is delivered. Thread-safe; nothing here waits.
 */
public final class StoredRights {
    private static final Logger LOG = LoggerFactory.getLogger(StoredRights.class);

    private final Directory directory;
    private final Sessions sessions;
    private final StoredClients clients;
    private final StoredSessions stored;
    private final Later later;
    private final Concerned concerned;
    /** In order, each device once. */
    private final Map<DeviceId, Boolean> waiting = new LinkedHashMap<>();

    private boolean working;

    public StoredRights(
            Directory directory, Sessions sessions, StoredClients clients, StoredSessions stored, Later later) {
        this.directory = directory;
        this.sessions = sessions;
        this.clients = clients;
        this.stored = stored;
        this.later = later;
        this.concerned = new Concerned(directory, clients);
    }

    void narrow(Applied applied) {
        var devices = concerned.by(applied);
        synchronized (waiting) {
            devices.forEach(device -> waiting.put(device, true));
            if (working || waiting.isEmpty()) {
                return;
            }
            working = true;
        }
        later.now(this::next);
    }

    private void next() {
        DeviceId device;
        synchronized (waiting) {
            var first = waiting.keySet().iterator();
            if (!first.hasNext()) {
                working = false;
                return;
            }
            device = first.next();
            first.remove();
        }
        narrow(device).whenComplete((done, failure) -> {
            if (failure != null) {
                // Asked again before it resumes.
                LOG.warn("The subscriptions that {} left could not be narrowed.", device, failure);
            }
            later.now(this::next);
        });
    }

    private CompletionStage<Void> narrow(DeviceId device) {
        try {
            return narrow(device, new ArrayDeque<>(clients.of(device)));
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private CompletionStage<Void> narrow(DeviceId device, Deque<String> left) {
        var clientId = left.poll();
        var grant = directory.read(view -> Rights.grant(view, device));
        if (clientId == null || grant.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        var narrowed = isIn(device, clientId)
                ? CompletableFuture.<Void>completedFuture(null)
                : stored.removeForbidden(clientId, grant.get());
        return narrowed.thenCompose(done -> narrow(device, left));
    }

    /** Its subscriptions follow its rights. */
    private boolean isIn(DeviceId device, String clientId) {
        return sessions.of(device).stream()
                .anyMatch(session -> session.clientId().equals(clientId));
    }
}
