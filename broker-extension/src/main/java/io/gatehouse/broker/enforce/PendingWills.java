package io.gatehouse.broker.enforce;

import io.gatehouse.admission.feed.Entry;
import io.gatehouse.admission.replica.Applied;
import io.gatehouse.admission.replica.Directory;
import io.gatehouse.admission.replica.View;
import io.gatehouse.broker.control.BrokerControl;
import io.gatehouse.broker.control.Later;
import io.gatehouse.broker.sessions.Sessions;
import io.gatehouse.broker.sessions.StoredClients;
import io.gatehouse.broker.sessions.Wills;
import io.gatehouse.identity.CertificateState;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.DeviceState;
import io.gatehouse.identity.FleetState;
import io.gatehouse.identity.RefusalReason;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drops the delayed wills of clients that are away and that the directory no longer allows: of a device or fleet that may not speak any
 * more, by a policy that no longer covers them, or made with a certificate that is revoked or held. At once, and again when the broker
 * has noted those of connections that broke just before. Where nobody knows what a client left, because it was before this start of
 * the broker, any change that could forbid it drops it. Their sessions stay. Thread-safe.
 */
public final class PendingWills {
    private static final Logger LOG = LoggerFactory.getLogger(PendingWills.class);

    /** A client whose will may be forbidden; {@code unknown}: also one that nobody knows. */
    private record Candidate(DeviceId device, String clientId, boolean unknown) {}

    private final Directory directory;
    private final Sessions sessions;
    private final StoredClients clients;
    private final Wills wills;
    private final BrokerControl control;
    private final Later later;
    private final Settling settling;
    private final Concerned concerned;
    /** The first call then tells of nothing new. */
    private volatile boolean foundAtStart;

    /** The directory holds by now what is known at the start. */
    public PendingWills(
            Directory directory,
            Sessions sessions,
            StoredClients clients,
            Wills wills,
            BrokerControl control,
            Later later) {
        this.directory = directory;
        this.sessions = sessions;
        this.clients = clients;
        this.wills = wills;
        this.control = control;
        this.later = later;
        this.concerned = new Concerned(directory, clients);
        this.settling = new Settling(control, later);
        this.foundAtStart = directory.read(View::synchronised);
    }

    /** Changes went by that nobody enforced: what is in force may be news for what is stored. */
    public void distrust() {
        foundAtStart = false;
    }

    /** After the sessions that the change ends are being closed. */
    void drop(Applied applied) {
        var forbidden = candidates(applied).stream().filter(this::isForbidden).toList();
        for (var one : forbidden) {
            if (!isBeingClosed(one)) {
                drop(one.clientId());
            }
        }
        if (!forbidden.isEmpty()) {
            later.now(() -> dropAgain(forbidden));
        }
    }

    /** Then it is closed without its will, with its own word. */
    private boolean isBeingClosed(Candidate one) {
        return sessions.of(one.device()).stream()
                .anyMatch(session -> session.clientId().equals(one.clientId())
                        && session.ended().isPresent());
    }

    /** Of those that are being closed too: they may have broken by themselves, and the broker had not noted it. */
    private void dropAgain(List<Candidate> forbidden) {
        var away = new ArrayList<Candidate>();
        for (var one : forbidden) {
            var disconnected = settling.disconnected(one.clientId());
            if (disconnected.isDone()) {
                away.add(one);
            } else {
                CompletionStage<Void> noted = disconnected.handle((nothing, failure) -> null);
                noted.thenCompose(nothing -> settling.willsNoted()).thenRun(() -> dropIfForbidden(one));
            }
        }
        // One pause for all of a large fleet.
        settling.willsNoted().thenRun(() -> away.forEach(this::dropIfForbidden));
    }

    /** A client that is let in again meanwhile keeps its connection, and what it left then. */
    private void dropIfForbidden(Candidate one) {
        if (isForbidden(one)) {
            drop(one.clientId());
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

    private List<Candidate> candidates(Applied applied) {
        var candidates = new ArrayList<Candidate>();
        if (applied.full()) {
            boolean news = !foundAtStart;
            foundAtStart = false;
            clients.devices().forEach(device -> add(candidates, device, news));
            return candidates;
        }
        touched(applied).forEach(device -> add(candidates, device, true));
        return candidates;
    }

    private void add(List<Candidate> candidates, DeviceId device, boolean unknown) {
        clients.of(device).forEach(clientId -> candidates.add(new Candidate(device, clientId, unknown)));
    }

    private Set<DeviceId> touched(Applied applied) {
        var touched = new LinkedHashSet<>(concerned.by(applied));
        for (var sha256 : applied.certificates()) {
            directory
                    .read(view -> view.certificate(sha256))
                    .filter(certificate -> !isGood(certificate))
                    .ifPresent(certificate -> touched.add(certificate.device()));
        }
        // All that they left is thrown away.
        touched.removeAll(applied.purged());
        return touched;
    }

    private boolean isForbidden(Candidate one) {
        boolean isIn = sessions.of(one.device()).stream()
                .anyMatch(session -> session.clientId().equals(one.clientId())
                        && session.ended().isEmpty());
        return !isIn && directory.read(view -> isSilenced(view, one.device()) || isForbidden(view, one));
    }

    private boolean isForbidden(View view, Candidate one) {
        var left = wills.of(one.clientId());
        if (left.isEmpty()) {
            return one.unknown();
        }
        return left.get().will().isPresent()
                && (!mayLeave(view, one.device(), left.get().will().get())
                        || !view.certificate(left.get().certificate())
                                .map(PendingWills::isGood)
                                .orElse(false));
    }

    private static boolean mayLeave(View view, DeviceId id, Wills.Will will) {
        return Rights.grant(view, id).map(grant -> grant.mayLeave(will)).orElse(false);
    }

    private static boolean isGood(Entry.CertificateEntry certificate) {
        return certificate.state() == CertificateState.VALID || certificate.state() == CertificateState.SUPERSEDED;
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
