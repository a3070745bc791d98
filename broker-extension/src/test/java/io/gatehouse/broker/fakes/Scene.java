package io.gatehouse.broker.fakes;

import io.gatehouse.admission.decision.Admission;
import io.gatehouse.admission.decision.ConnectRequest;
import io.gatehouse.admission.feed.Entry;
import io.gatehouse.admission.replica.FilledDirectory;
import io.gatehouse.admission.replica.View;
import io.gatehouse.broker.admit.Doorkeeper;
import io.gatehouse.broker.admit.Evidence;
import io.gatehouse.broker.admit.Governance;
import io.gatehouse.broker.admit.Marks;
import io.gatehouse.broker.admit.Observation;
import io.gatehouse.broker.admit.Progress;
import io.gatehouse.broker.admit.Readiness;
import io.gatehouse.broker.admit.Registration;
import io.gatehouse.broker.admit.StoredSessions;
import io.gatehouse.broker.admit.Strangers;
import io.gatehouse.broker.admit.TopicGuard;
import io.gatehouse.broker.control.Later;
import io.gatehouse.broker.enforce.Closer;
import io.gatehouse.broker.enforce.Enforcer;
import io.gatehouse.broker.enforce.PendingWills;
import io.gatehouse.broker.enforce.Purger;
import io.gatehouse.broker.enforce.Rights;
import io.gatehouse.broker.enforce.SessionLimits;
import io.gatehouse.broker.enforce.StoredRights;
import io.gatehouse.broker.sessions.LiveSession;
import io.gatehouse.broker.sessions.Sessions;
import io.gatehouse.broker.sessions.StoredClients;
import io.gatehouse.broker.sessions.Wills;
import io.gatehouse.identity.CertificateState;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.DeviceState;
import io.gatehouse.identity.Fingerprint;
import io.gatehouse.identity.FleetKind;
import io.gatehouse.identity.FleetName;
import io.gatehouse.identity.FleetState;
import io.gatehouse.identity.RefusalReason;
import io.gatehouse.identity.policy.Policy;
import io.gatehouse.identity.policy.Rule;
import io.gatehouse.testkit.Await;
import io.gatehouse.testkit.HeldCertificate;
import io.gatehouse.testkit.TestAuthority;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/** All doors around one directory, with a fake broker behind them: fleet {@code f}, device {@code d-1} with a valid certificate. */
public final class Scene implements AutoCloseable, Evidence, Enforcer.Acknowledgement {
    public static final Policy POLICY = Policy.of(Rule.publishing("d/${device}/#"), Rule.subscribing("c/${device}/#"));

    public final HeldCertificate held = TestAuthority.root().devicesCa().device("d-1");
    public final InstantSource clock = InstantSource.system();
    public final FilledDirectory filled = new FilledDirectory(Instant.now(), fleet(POLICY, 1), device(0), valid());
    public final FakeControl control = new FakeControl();
    public final Sessions sessions = new Sessions();
    public final StoredClients clients = new StoredClients();
    public final Wills wills = new Wills();
    public final Governance governance = new Governance();
    public final Readiness readiness = new Readiness();
    public final Marks marks = new Marks(new SecureRandom());
    public final List<String> evidence = new CopyOnWriteArrayList<>();
    public final Admission admission = new Admission(Duration.ofHours(1));
    private final ScheduledExecutorService executor = Executors.newScheduledThreadPool(1);
    public final Later later = new Later(executor);
    public final Progress progress = new Progress(later);
    public final Purger purger = new Purger(governance, control, clients, wills, progress, later);
    public final Closer closer = new Closer(sessions, control, later);
    private volatile Thread elsewhere;
    public final StoredSessions stored = new StoredSessions(control, clients, wills, purger::purging, progress, later);
    public final Strangers strangers =
            new Strangers(governance, readiness, clients, control, purger::purgeStranger, later);
    public final Observation observation = new Observation(readiness);
    public final Doorkeeper doorkeeper =
            new Doorkeeper(governance, strangers, observation, readiness, stored, marks, this, clock);
    public final Registration registration = new Registration(
            governance, strangers, observation, readiness, sessions, wills, stored, control, marks, this, clock);
    public final TopicGuard guard = new TopicGuard(governance, readiness, sessions, marks, this, clock);
    public final PendingWills pendingWills =
            new PendingWills(filled.directory, sessions, clients, wills, control, later);
    public final Enforcer enforcer = new Enforcer(
            filled.directory,
            admission,
            sessions,
            closer,
            new Rights(filled.directory, stored, wills, closer),
            purger,
            pendingWills,
            new SessionLimits(filled.directory, sessions, clients, stored, purger, later),
            new StoredRights(filled.directory, sessions, clients, stored, later),
            progress,
            this,
            clock,
            applied -> {});

    public Scene() {
        progress.follow(filled.directory);
        looked();
    }

    /** Enforcement has looked at what the directory holds. */
    public void looked() {
        progress.reached(filled.directory.read(View::revision));
    }

    /** A session that the broker keeps. */
    public void stored(String clientId) {
        control.sessions.add(clientId);
        clients.add(StoredClients.deviceOf(clientId).orElseThrow(), clientId);
    }

    /** The door open. */
    public Scene open() {
        readiness.open(admission, filled.directory);
        return this;
    }

    public FakeClient client(String clientId) {
        return new FakeClient(clientId, held.certificate());
    }

    /** Through the authenticator; the answer in one word. */
    public String connect(FakeClient client) {
        var output = new FakeOutput(client.permissions);
        doorkeeper.onConnect(client.connect(), output.auth());
        return output.waiting ? "waiting" : output.answer;
    }

    /** The same for one whose answer takes a moment. */
    public String awaitConnect(FakeClient client) {
        var output = new FakeOutput(client.permissions);
        doorkeeper.onConnect(client.connect(), output.auth());
        Await.until("an answer", Duration.ofSeconds(10), () -> !output.waiting);
        return output.answer;
    }

    /** A client that is in. */
    public FakeClient live(String clientId) {
        var client = client(clientId);
        if (!connect(client).equals("success")) {
            throw new AssertionError(evidence.toString());
        }
        control.sessions.add(clientId);
        registration.initialize(client.registration(), client.context());
        return client;
    }

    /** Does it on another thread, and goes on when that is done or waits for this one. */
    public Runnable elsewhere(Runnable what) {
        return () -> {
            elsewhere = new Thread(what, "elsewhere");
            elsewhere.start();
            Await.until(
                    "done, or waiting",
                    Duration.ofSeconds(10),
                    () -> !elsewhere.isAlive() || elsewhere.getState() == Thread.State.BLOCKED);
        };
    }

    public void awaitElsewhere() {
        Await.until("done elsewhere", Duration.ofSeconds(10), () -> elsewhere != null && !elsewhere.isAlive());
    }

    public static Entry fleet(Policy policy, int sessionsMax) {
        return new Entry.FleetEntry(FleetName.of("f"), FleetKind.DEVICE, FleetState.ACTIVE, sessionsMax, policy);
    }

    public static Entry device(int revocations) {
        return device(DeviceState.ACTIVE, revocations);
    }

    public static Entry device(DeviceState state, int revocations) {
        return new Entry.DeviceEntry(DeviceId.of("d-1"), FleetName.of("f"), state, Map.of(), revocations);
    }

    public Entry valid() {
        return certificate(CertificateState.VALID);
    }

    public Entry certificate(CertificateState state) {
        return certificate(held, state);
    }

    public static Entry certificate(HeldCertificate held, CertificateState state) {
        return new Entry.CertificateEntry(
                Fingerprint.of(held.sha256()),
                DeviceId.of("d-1"),
                state,
                Optional.empty(),
                held.certificate().getNotBefore().toInstant(),
                held.certificate().getNotAfter().toInstant());
    }

    @Override
    public void admitted(LiveSession session) {
        evidence.add("admitted " + session.clientId());
    }

    @Override
    public void refused(RefusalReason reason, ConnectRequest request, String address) {
        evidence.add("refused " + request.clientId() + " " + reason);
    }

    @Override
    public void wouldRefuse(RefusalReason reason, ConnectRequest request, String address) {
        evidence.add("would refuse " + request.clientId() + " " + reason);
    }

    @Override
    public void contested(RefusalReason reason, ConnectRequest request, String address) {
        evidence.add("contested " + request.clientId() + " " + reason);
    }

    @Override
    public void decided(long nanos) {}

    @Override
    public void closed(LiveSession session, String word) {
        evidence.add("closed " + session.clientId() + " " + word);
    }

    @Override
    public void enforced(long revision, int closed, long nanos) {
        evidence.add("enforced " + revision + " " + closed);
    }

    @Override
    public void purged(DeviceId device, long revision) {
        evidence.add("purged " + device + " " + revision);
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
