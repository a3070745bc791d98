package io.gatehouse.broker.enforce;

import io.gatehouse.admission.replica.Applied;
import io.gatehouse.admission.replica.Directory;
import io.gatehouse.admission.replica.View;
import io.gatehouse.broker.control.BrokerControl;
import io.gatehouse.broker.control.Later;
import io.gatehouse.broker.sessions.LiveSession;
import io.gatehouse.broker.sessions.Sessions;
import io.gatehouse.broker.sessions.StoredClients;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.DeviceState;
import io.gatehouse.identity.FleetState;
import io.gatehouse.identity.RefusalReason;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drops the delayed wills of clients that are away and whose device or fleet may not speak any more: at once, and again when the broker
 * has noted those of connections that broke just before. Their sessions stay. Thread-safe.
 */
public final class PendingWills {
    private static final Logger LOG = LoggerFactory.getLogger(PendingWills.class);

    private final Directory directory;
    private final Sessions sessions;
    private final StoredClients clients;
    private final BrokerControl control;
    private final Later later;
    private final Settling settling;

    public PendingWills(
            Directory directory, Sessions sessions, StoredClients clients, BrokerControl control, Later later) {
        this.directory = directory;
        this.sessions = sessions;
        this.clients = clients;
        this.control = control;
        this.later = later;
        this.settling = new Settling(control, later);
    }

    /** After the sessions that the change ends are being closed. */
    void drop(Applied applied) {
        var silenced = candidates(applied).stream().filter(this::isSilenced).toList();
        for (var device : silenced) {
            var closing = closing(device);
            clients.of(device).stream().filter(id -> !closing.contains(id)).forEach(this::drop);
        }
        if (!silenced.isEmpty()) {
            later.now(() -> dropAgain(silenced));
        }
    }

    /** The client ids whose connections are closed without their wills, each with its own word. */
    private Set<String> closing(DeviceId device) {
        return sessions.of(device).stream()
                .filter(session -> session.ended().isPresent())
                .map(LiveSession::clientId)
                .collect(Collectors.toSet());
    }

    /** Of those that are being closed too: they may have broken by themselves, and the broker had not noted it. */
    private void dropAgain(List<DeviceId> silenced) {
        record Away(DeviceId device, String clientId) {}
        var away = new ArrayList<Away>();
        for (var device : silenced) {
            for (var clientId : clients.of(device)) {
                var disconnected = settling.disconnected(clientId);
                if (disconnected.isDone()) {
                    away.add(new Away(device, clientId));
                } else {
                    CompletionStage<Void> noted = disconnected.handle((nothing, failure) -> null);
                    noted.thenCompose(nothing -> settling.willsNoted()).thenRun(() -> dropIfSilenced(device, clientId));
                }
            }
        }
        // One pause for all of a large fleet.
        settling.willsNoted().thenRun(() -> away.forEach(one -> dropIfSilenced(one.device(), one.clientId())));
    }

    /** A device that is let in again meanwhile keeps its connection. */
    private void dropIfSilenced(DeviceId device, String clientId) {
        if (isSilenced(device)) {
            drop(clientId);
        }
    }

    /** For a client that is away this does nothing but forget its will. */
    private void drop(String clientId) {
        try {
            control.disconnect(clientId, RefusalReason.SUSPENDED).whenComplete((closed, failure) -> {
                if (failure != null) {
                    LOG.error("The will of {}, if it has one, could not be dropped.", clientId, failure);
                }
            });
        } catch (RuntimeException e) {
            LOG.error("The will of {}, if it has one, could not be dropped.", clientId, e);
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

    private boolean isSilenced(DeviceId device) {
        return directory.read(view -> isSilenced(view, device));
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
