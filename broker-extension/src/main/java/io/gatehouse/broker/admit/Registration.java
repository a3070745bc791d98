package io.gatehouse.broker.admit;

import com.hivemq.extension.sdk.api.client.ClientContext;
import com.hivemq.extension.sdk.api.client.parameter.InitializerInput;
import com.hivemq.extension.sdk.api.services.intializer.ClientInitializer;
import io.gatehouse.admission.decision.ConnectRequest;
import io.gatehouse.admission.decision.Decision;
import io.gatehouse.broker.control.BrokerControl;
import io.gatehouse.broker.sessions.Grant;
import io.gatehouse.broker.sessions.LiveSession;
import io.gatehouse.broker.sessions.Sessions;
import io.gatehouse.broker.sessions.Wills;
import io.gatehouse.identity.RefusalReason;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs when HiveMQ has registered a client and before it sends CONNACK: decides again, because a revocation may have arrived since the
 * authenticator answered, and disconnects whoever came by a governed listener and our authenticator did not admit. From here on enforcement finds the session. Never
 * throws: HiveMQ would let the client stay.
 */
public final class Registration implements ClientInitializer {
    private static final Logger LOG = LoggerFactory.getLogger(Registration.class);

    private final Governance governance;
    private final Strangers strangers;
    private final Observation observation;
    private final Readiness readiness;
    private final Sessions sessions;
    private final Wills wills;
    private final StoredSessions stored;
    private final BrokerControl control;
    private final Marks marks;
    private final Evidence evidence;
    private final InstantSource clock;

    public Registration(
            Governance governance,
            Strangers strangers,
            Observation observation,
            Readiness readiness,
            Sessions sessions,
            Wills wills,
            StoredSessions stored,
            BrokerControl control,
            Marks marks,
            Evidence evidence,
            InstantSource clock) {
        this.governance = governance;
        this.strangers = strangers;
        this.observation = observation;
        this.readiness = readiness;
        this.sessions = sessions;
        this.wills = wills;
        this.stored = stored;
        this.control = control;
        this.marks = marks;
        this.evidence = evidence;
        this.clock = clock;
    }

    @Override
    public void initialize(InitializerInput input, ClientContext context) {
        String clientId = input.getClientInformation().getClientId();
        try {
            var request = Connections.request(input, clock.instant());
            if (!governance.governs(input)) {
                // Another extension's, unless the device of this name has been registered meanwhile.
                strangers
                        .whyNotNamed(clientId)
                        .ifPresentOrElse(
                                reason -> refuse(context, request, reason, Connections.address(input)),
                                () -> strangers.takesOver(clientId));
            } else if (governance.observes()) {
                observe(input, context, request);
            } else if (!marks.isAdmitted(input)) {
                LOG.error("{} was let in by another extension and is disconnected.", clientId);
                refuse(context, request, RefusalReason.NOT_AUTHENTICATED, Connections.address(input));
            } else {
                var arrival = arrival(input, context, request, marks.resumes(input));
                decide(arrival)
                        .filter(session -> arrival.mayHoldMessages() && isOutdated(input))
                        .ifPresent(session -> narrow(arrival, session));
            }
        } catch (RuntimeException | Error e) {
            LOG.error("{} could not be registered and is disconnected.", clientId, e);
            CoarsePermissions.denyAll(context.getDefaultPermissions());
            control.disconnect(clientId, RefusalReason.INTERNAL_ERROR);
        }
    }

    /** A connection that is to become a session. */
    private record Arrival(
            String id,
            ConnectRequest request,
            LiveSession.Origin origin,
            LiveSession.Handle handle,
            boolean mayHoldMessages) {
        ClientContext context() {
            return handle.context();
        }
    }

    private Arrival arrival(InitializerInput input, ClientContext context, ConnectRequest request, boolean resumes) {
        String id = marks.newId();
        marks.session(input, id);
        remember(input, request);
        return new Arrival(
                id,
                request,
                Connections.origin(input, request.now()),
                new LiveSession.Handle(context, Cut.of(input)),
                resumes);
    }

    /** Before enforcement sees the session. */
    private void remember(InitializerInput input, ConnectRequest request) {
        wills.forget(request.clientId());
        request.certificate()
                .flatMap(certificate -> marks.left(input, certificate))
                .ifPresent(left -> wills.put(request.clientId(), left));
    }

    private void observe(InitializerInput input, ClientContext context, ConnectRequest request) {
        String id = marks.newId();
        marks.session(input, id);
        remember(input, request);
        stored.note(request.clientId());
        if (readiness.state() instanceof Readiness.Open open
                && open.admission().decide(request, open.directory()) instanceof Decision.Admit admit) {
            // Also so that a revocation's purge finds the session when observing has ended.
            String address = Connections.address(input);
            stored.makeRoom(admit, request.clientId())
                    .thenAccept(wrong -> wrong.ifPresent(reason -> evidence.wouldRefuse(reason, request, address)));
        }
        var onlooker = new Onlooker(governance, readiness, evidence, clock);
        context.addPublishInboundInterceptor(onlooker);
        context.addSubscribeInboundInterceptor(onlooker);
        var observed = observation.begin(id, input, context, request);
        // Asked once more, after the end of observing can see it.
        if (!governance.observes()) {
            adopt(observed);
        }
    }

    /** To be called when observing has ended: from now on decisions bind for those who are in, too. */
    public void adoptObserved() {
        observation.all().forEach(this::adopt);
    }

    private void adopt(Observation.Observed observed) {
        if (!observation.adopt(observed.id())) {
            return;
        }
        var was = observed.request();
        var request = new ConnectRequest(was.certificate(), was.clientId(), was.listener(), clock.instant());
        var arrival = new Arrival(observed.id(), request, observed.origin(), observed.handle(), true);
        try {
            if (observed.wrong().isPresent()) {
                refuse(arrival, observed.wrong().get());
                return;
            }
            decide(arrival).ifPresent(session -> narrow(arrival, session));
        } catch (RuntimeException e) {
            LOG.error("{} could not be decided when observing ended, and is disconnected.", was.clientId(), e);
            refuse(arrival, RefusalReason.INTERNAL_ERROR);
        } finally {
            if (observation.adopted(observed.id())) {
                sessions.find(observed.id()).ifPresent(this::leave);
            }
        }
    }

    /** Its connection ended while it became a session, and whoever heard of that found none. */
    private void leave(LiveSession session) {
        sessions.remove(session);
        evidence.closed(session, Departures.LOST);
    }

    /** The directory has changed since the stored session was narrowed, and enforcement may not have seen this one yet. */
    private boolean isOutdated(InitializerInput input) {
        return !(readiness.state() instanceof Readiness.Open open) || marks.isOutdated(input, open.directory());
    }

    /** What it subscribed to under another policy, or while nobody was refused. */
    private void narrow(Arrival arrival, LiveSession session) {
        stored.removeForbidden(session.clientId(), session.grant()).whenComplete((done, failure) -> {
            if (failure != null) {
                LOG.error("The subscriptions of {} could not be narrowed; it is disconnected.", session.clientId());
                refuse(arrival, RefusalReason.INTERNAL_ERROR);
            }
        });
    }

    private Optional<LiveSession> decide(Arrival arrival) {
        if (readiness.state() instanceof Readiness.Open open) {
            return register(arrival, open);
        }
        refuse(arrival, ((Readiness.Closed) readiness.state()).reason());
        return Optional.empty();
    }

    private Optional<LiveSession> register(Arrival arrival, Readiness.Open open) {
        var request = arrival.request();
        var first = open.admission().decide(request, open.directory());
        if (!(first instanceof Decision.Admit admit)) {
            refuse(arrival, whyNot(first).orElse(RefusalReason.UNAVAILABLE));
            return Optional.empty();
        }
        var room = stored.takeRoom(admit, request.clientId());
        if (room.isPresent()) {
            refuse(arrival, room.get());
            return Optional.empty();
        }
        var session = session(arrival, admit);
        sessions.add(session);
        // Asked once more, after enforcement can see the session: a change is noticed by one of the two.
        var decision = new AtomicReference<Decision>(admit);
        LiveRights.give(session, () -> {
            var now = open.admission().decide(request, open.directory());
            decision.set(now);
            return granted(now);
        });
        var ended = session.ended()
                .or(() -> whyNot(Objects.requireNonNull(decision.get())))
                .or(() -> overLimit(Objects.requireNonNull(decision.get()), session))
                .or(() -> wrongWill(session));
        if (ended.isPresent()) {
            sessions.remove(session);
            LiveRights.take(session, ended.get());
            refuse(arrival, ended.get());
            return Optional.empty();
        }
        if (arrival.mayHoldMessages()) {
            arrival.context().addPublishOutboundInterceptor(new DeliveryFilter(session));
        }
        evidence.admitted(session);
        return Optional.of(session);
    }

    /** The limit too may be lower now. */
    private Optional<RefusalReason> overLimit(Decision decision, LiveSession session) {
        return decision instanceof Decision.Admit admit ? stored.takeRoom(admit, session.clientId()) : Optional.empty();
    }

    /** The will was decided before, maybe on an earlier revision. */
    private Optional<RefusalReason> wrongWill(LiveSession session) {
        return wills.of(session.clientId())
                .flatMap(Wills.Left::will)
                .filter(will -> !session.grant().mayLeave(will))
                .map(will -> RefusalReason.TOPIC_NOT_ALLOWED);
    }

    private static LiveSession session(Arrival arrival, Decision.Admit admit) {
        return new LiveSession(
                arrival.id(),
                arrival.request().clientId(),
                admit.certificate(),
                admit.notAfter(),
                new Grant(admit.subject(), admit.policy()),
                arrival.origin(),
                arrival.handle());
    }

    private static Optional<Grant> granted(Decision decision) {
        return decision instanceof Decision.Admit admit
                ? Optional.of(new Grant(admit.subject(), admit.policy()))
                : Optional.empty();
    }

    private static Optional<RefusalReason> whyNot(Decision decision) {
        return decision instanceof Decision.Refuse refuse ? Optional.of(refuse.reason()) : Optional.empty();
    }

    private void refuse(Arrival arrival, RefusalReason reason) {
        refuse(arrival.context(), arrival.request(), reason, arrival.origin().address());
    }

    private void refuse(ClientContext context, ConnectRequest request, RefusalReason reason, String address) {
        // First the permissions: HiveMQ asks them about the will after this, and would arm it again.
        CoarsePermissions.denyAll(context.getDefaultPermissions());
        control.disconnect(request.clientId(), reason);
        evidence.refused(reason, request, address);
    }
}
