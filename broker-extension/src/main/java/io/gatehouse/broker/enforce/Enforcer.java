package io.gatehouse.broker.enforce;

import io.gatehouse.admission.client.DirectoryListener;
import io.gatehouse.admission.decision.Admission;
import io.gatehouse.admission.replica.Applied;
import io.gatehouse.admission.replica.Directory;
import io.gatehouse.broker.admit.Progress;
import io.gatehouse.broker.sessions.LiveSession;
import io.gatehouse.broker.sessions.Sessions;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.RefusalReason;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies each change of the directory to those who are in: whoever may not stay is disconnected, whoever stays gets exactly the
 * rights of now, and what is stored of revoked devices is thrown away. Runs on the feed's thread and never waits.
 */
public final class Enforcer implements DirectoryListener {
    /** Hears when a revision is enforced. */
    public interface Acknowledgement {
        /** The sockets of so many sessions are closed, after so many nanoseconds. */
        void enforced(long revision, int sessions, long nanos);

        /** Nothing is left of the sessions that this revision threw away. */
        void purged(DeviceId device, long revision);
    }

    private static final Logger LOG = LoggerFactory.getLogger(Enforcer.class);

    private final Directory directory;
    private final Admission admission;
    private final Sessions sessions;
    private final Closer closer;
    private final Rights rights;
    private final Purger purger;
    private final PendingWills wills;
    private final SessionLimits limits;
    private final StoredRights stored;
    private final Progress progress;
    private final Acknowledgement acknowledgement;
    private final InstantSource clock;
    private final Consumer<Applied> announced;

    /** {@code announced} hears of a change as soon as nobody whose sessions are to be thrown away can connect. */
    public Enforcer(
            Directory directory,
            Admission admission,
            Sessions sessions,
            Closer closer,
            Rights rights,
            Purger purger,
            PendingWills wills,
            SessionLimits limits,
            StoredRights stored,
            Progress progress,
            Acknowledgement acknowledgement,
            InstantSource clock,
            Consumer<Applied> announced) {
        this.directory = directory;
        this.admission = admission;
        this.sessions = sessions;
        this.closer = closer;
        this.rights = rights;
        this.purger = purger;
        this.wills = wills;
        this.limits = limits;
        this.stored = stored;
        this.progress = progress;
        this.acknowledgement = acknowledgement;
        this.clock = clock;
        this.announced = announced;
    }

    @Override
    public void onChange(Applied applied) {
        long began = System.nanoTime();
        // Those who are being purged already were not let in since; whoever is in now was let in after that.
        purger.announce(applied.purged());
        progress.reached(applied.revision());
        announced.accept(applied);
        List<CompletableFuture<Boolean>> closings = new ArrayList<>();
        var affected = affected(applied);
        var tooMany = limits.tooMany(affected);
        for (var session : affected) {
            enforce(session, applied, tooMany.contains(session))
                    .ifPresent(
                            reason -> closings.add(closer.close(session, reason).toCompletableFuture()));
        }
        CompletionStage<Void> all = CompletableFuture.allOf(closings.toArray(CompletableFuture[]::new));
        all.whenComplete((nothing, failure) -> {
            int closed = (int) closings.stream().filter(CompletableFuture::join).count();
            acknowledgement.enforced(applied.revision(), closed, System.nanoTime() - began);
        });
        wills.drop(applied);
        limits.trim(applied);
        stored.narrow(applied);
        for (var device : applied.purged()) {
            var unused = purger.purge(device, () -> acknowledgement.purged(device, applied.revision()));
        }
    }

    /** Why the session has to end; if it stays, it has its new rights. */
    private Optional<RefusalReason> enforce(LiveSession session, Applied applied, boolean tooMany) {
        try {
            var reason = endReason(session, applied);
            if (reason.isEmpty() && applied.kicked().contains(session.id())) {
                return Optional.of(RefusalReason.KICKED);
            }
            if (reason.isEmpty() && tooMany) {
                return Optional.of(RefusalReason.SESSION_LIMIT);
            }
            return reason.isPresent() ? reason : rights.refresh(session);
        } catch (RuntimeException e) {
            LOG.error("The rights of {} could not be renewed; it is disconnected.", session.clientId(), e);
            return Optional.of(RefusalReason.INTERNAL_ERROR);
        }
    }

    private Optional<RefusalReason> endReason(LiveSession session, Applied applied) {
        var reason = admission.endReason(session.certificate(), directory, clock.instant());
        if (reason.isEmpty() && applied.purged().contains(session.device())) {
            // Its certificate is new, but the session may be its predecessor's.
            return Optional.of(RefusalReason.REVOKED);
        }
        return reason;
    }

    private Collection<LiveSession> affected(Applied applied) {
        if (applied.full()) {
            return List.copyOf(sessions.all());
        }
        var affected = new LinkedHashSet<LiveSession>();
        applied.certificates().forEach(certificate -> affected.addAll(sessions.of(certificate)));
        applied.devices().forEach(device -> affected.addAll(sessions.of(device)));
        applied.purged().forEach(device -> affected.addAll(sessions.of(device)));
        applied.kicked().forEach(id -> sessions.find(id).ifPresent(affected::add));
        if (!applied.fleets().isEmpty()) {
            sessions.all().stream()
                    .filter(session ->
                            applied.fleets().contains(session.grant().subject().fleet()))
                    .forEach(affected::add);
        }
        return affected;
    }
}
