package io.gatehouse.broker.wiring;

import io.gatehouse.admission.client.LinkSettings;
import io.gatehouse.admission.client.ServiceLink;
import io.gatehouse.admission.decision.Admission;
import io.gatehouse.admission.replica.Applied;
import io.gatehouse.admission.replica.View;
import io.gatehouse.broker.admit.Governance;
import io.gatehouse.broker.config.ExtensionConfig;
import io.gatehouse.broker.config.HivemqConfig;
import io.gatehouse.broker.config.UnsafeConfigurationException;
import io.gatehouse.broker.control.Later;
import io.gatehouse.broker.enforce.Closer;
import io.gatehouse.broker.enforce.Enforcer;
import io.gatehouse.broker.enforce.PendingWills;
import io.gatehouse.broker.enforce.Rights;
import io.gatehouse.broker.enforce.SessionLimits;
import io.gatehouse.broker.enforce.StoredRights;
import io.gatehouse.broker.enforce.StoredSweep;
import io.gatehouse.broker.identity.IdentityFiles;
import io.gatehouse.broker.identity.IdentityKeeper;
import io.gatehouse.broker.identity.PublicStore;
import io.gatehouse.broker.identity.Renewal;
import io.gatehouse.broker.identity.ServiceCertificates;
import io.gatehouse.broker.identity.TrustInUse;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.RefusalReason;
import io.gatehouse.x509.tls.ServerRole;
import io.gatehouse.x509.tls.ServiceTrust;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The extension at work with a sound configuration: link, enforcement, identity. */
final class Running implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Running.class);
    private static final long EXPIRY_MILLIS = 200;
    private static final long IDENTITY_MILLIS = 30_000;
    private static final long TRUST_MILLIS = 1_000;
    private static final long INDEX_MILLIS = 5_000;

    private final Doors doors;
    private final ServiceLink link;
    private final Admission admission;
    private final StoredSweep sweep;
    private final IdentityKeeper keeper;
    private final TrustInUse trustInUse;
    private final Enforcer enforcer;
    private final PendingWills pendingWills;
    private final Unanswered unanswered;
    private boolean indexed;
    /** What enforcement has not done yet: devices whose sessions are to be thrown away. */
    private final Set<DeviceId> owed = new HashSet<>();

    /** Asking the service for a certificate may block for long, so that has a thread of its own. */
    private final ScheduledExecutorService identityThread =
            Executors.newSingleThreadScheduledExecutor(new Threads("gatehouse-identity"));

    private final Later identity = new Later(identityThread);

    private Running(
            ExtensionConfig config,
            IdentityFiles files,
            HivemqConfig hivemq,
            Path data,
            Doors doors,
            InstantSource clock)
            throws UnsafeConfigurationException {
        this.doors = doors;
        this.admission = new Admission(config.maxStale());
        var trust = ServiceTrust.of(files.trust(), ServerRole.enrollmentService(config.trustDomain()), clock);
        var tls = new AtomicReference<SSLContext>(trust.sslContext(files.identity(IdentityFiles.Use.FEED)));
        this.link = ServiceLink.open(
                new LinkSettings(config.services(), data.resolve("replica")), tls::get, clock, this::changed);
        this.sweep = new StoredSweep(doors.governance, link.directory(), doors.control, doors.clients, doors.purger);
        var renewal = new Renewal(
                files,
                config.trustDomain(),
                config.broker(),
                new ServiceCertificates(config.services(), tls::get),
                clock);
        this.keeper = new IdentityKeeper(
                files,
                hivemq,
                renewal,
                link.directory(),
                fresh -> tls.set(trust.sslContext(fresh)),
                config.publicPair().map(pair -> new PublicStore(pair, clock)));
        this.trustInUse = new TrustInUse(hivemq, link.directory(), doors.tlsRefusals::probing, keeper::writeAgain);
        var closer = new Closer(doors.sessions, doors.control, doors.later);
        this.unanswered = new Unanswered(doors.bookkeeping);
        this.pendingWills = new PendingWills(
                link.directory(), doors.sessions, doors.clients, doors.wills, doors.control, doors.later);
        var enforcing = new Enforcer(
                link.directory(),
                admission,
                doors.sessions,
                closer,
                new Rights(link.directory(), doors.stored, doors.wills, closer),
                doors.purger,
                pendingWills,
                new SessionLimits(
                        link.directory(), doors.sessions, doors.clients, doors.stored, doors.purger, doors.later),
                new StoredRights(link.directory(), doors.sessions, doors.clients, doors.stored, doors.later),
                doors.progress,
                unanswered,
                clock,
                this::announced);
        this.enforcer = enforcing;
        doors.progress.follow(link.directory());
        doors.later.every(
                EXPIRY_MILLIS,
                () -> doors.expiry.expired(clock.instant()).forEach(session -> {
                    var unused = closer.close(session, RefusalReason.EXPIRED);
                }));
    }

    static Running start(
            ExtensionConfig config,
            IdentityFiles files,
            HivemqConfig hivemq,
            Path data,
            Doors doors,
            Standing standing,
            InstantSource clock)
            throws UnsafeConfigurationException {
        var running = new Running(config, files, hivemq, data, doors, clock);
        standing.linked(running.link, running.keeper, running.trustInUse, config);
        doors.bookkeeping.reportTo(running.link);
        running.begin();
        return running;
    }

    private void begin() {
        sweep.index();
        indexed = !doors.governance.leavesSome() || link.directory().read(View::synchronised);
        if (indexed && !link.directory().read(View::synchronised)) {
            // Refuses everybody by itself until the first snapshot.
            doors.readiness.open(admission, link.directory());
        }
        link.start();
        identity.now(keeper::look);
        identity.every(IDENTITY_MILLIS, keeper::look);
        identity.every(TRUST_MILLIS, trustInUse::look);
    }

    /** On the feed's thread. */
    private synchronized void changed(Applied applied) {
        if (!indexed && !indexes()) {
            // Nobody is let in, and so nobody to be enforced against; what is stored waits.
            passes(applied);
        } else if (doors.governance.observes()) {
            passes(applied);
            announced(applied);
        } else if (unanswered.isEmpty()) {
            enforcer.onChange(applied);
        } else {
            owed.addAll(applied.purged());
            enforceAll(applied.revision());
        }
    }

    private void passes(Applied applied) {
        owed.addAll(applied.purged());
        unanswered.passed(applied.revision());
    }

    /**
     * Where others admit clients too, only the directory tells whose a stored session is, and there was none. Until that is known nobody is
     * let in; false when HiveMQ does not tell now.
     */
    private boolean indexes() {
        try {
            sweep.index();
            indexed = true;
        } catch (RuntimeException e) {
            LOG.error("HiveMQ does not tell which sessions it keeps; until it does nobody is admitted.", e);
            doors.later.after(INDEX_MILLIS, this::indexAgain);
        }
        return indexed;
    }

    private synchronized void indexAgain() {
        if (indexed || !indexes()) {
            return;
        }
        long revision = link.directory().read(View::revision);
        if (doors.governance.observes()) {
            announced(Applied.full(revision, Set.of()));
        } else {
            enforceAll(revision);
        }
    }

    /** Observing has ended: what it left undone is done now. */
    synchronized void enforce() {
        doors.governance.mode(Governance.Mode.ENFORCE);
        // Before enforcement, which takes whoever has no session of ours for a client that is away, and drops its will
        // by disconnecting.
        doors.registration.adoptObserved();
        if (indexed) {
            enforceAll(link.directory().read(View::revision));
        }
    }

    /** Ends also those who were adopted although what is owed is their predecessor's session. */
    private void enforceAll(long revision) {
        pendingWills.distrust();
        enforcer.onChange(Applied.full(revision, owed));
        owed.clear();
    }

    /** From here on nobody whose sessions are to be thrown away can connect, so others may. */
    private void announced(Applied applied) {
        doors.readiness.open(admission, link.directory());
        if (applied.full() && !doors.governance.observes()) {
            doors.later.now(sweep::run);
        }
        if (applied.full() || applied.authorities()) {
            identity.now(keeper::look);
        }
    }

    @Override
    public void close() {
        identityThread.shutdownNow();
        link.close();
    }
}
