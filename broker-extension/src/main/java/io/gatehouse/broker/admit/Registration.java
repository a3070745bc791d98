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
import io.gatehouse.identity.RefusalReason;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs when HiveMQ has registered a client and before it sends CONNACK: decides again, because a revocation may have arrived since the
 * authenticator answered, and disconnects whoever our authenticator did not admit. From here on enforcement finds the session. Never
 * throws: HiveMQ would let the client stay.
 */
public final class Registration implements ClientInitializer {
    private static final Logger LOG = LoggerFactory.getLogger(Registration.class);

    private final Readiness readiness;
    private final Sessions sessions;
    private final StoredSessions stored;
    private final BrokerControl control;
    private final Marks marks;
    private final Evidence evidence;
    private final InstantSource clock;

    public Registration(
            Readiness readiness,
            Sessions sessions,
            StoredSessions stored,
            BrokerControl control,
            Marks marks,
            Evidence evidence,
            InstantSource clock) {
        this.readiness = readiness;
        this.sessions = sessions;
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
            if (!marks.isAdmitted(input)) {
                LOG.error("{} was let in by another extension and is disconnected.", clientId);
                refuse(input, context, request, RefusalReason.NOT_AUTHENTICATED);
            } else {
                var state = readiness.state();
                if (state instanceof Readiness.Open open) {
                    register(input, context, request, open);
                } else if (state instanceof Readiness.Closed closed) {
                    refuse(input, context, request, closed.reason());
                }
            }
        } catch (RuntimeException | Error e) {
            LOG.error("{} could not be registered and is disconnected.", clientId, e);
            CoarsePermissions.denyAll(context.getDefaultPermissions());
            control.disconnect(clientId, RefusalReason.INTERNAL_ERROR);
        }
    }

    private void register(InitializerInput input, ClientContext context, ConnectRequest request, Readiness.Open open) {
        if (!(open.admission().decide(request, open.directory()) instanceof Decision.Admit admit)) {
            refuse(input, context, request, reason(request, open));
            return;
        }
        var room = stored.makeRoom(admit, request.clientId());
        if (room.isPresent()) {
            refuse(input, context, request, room.get());
            return;
        }
        var session = session(input, context, request, admit);
        marks.session(input, session.id());
        sessions.add(session);
        // Asked once more, after enforcement can see the session: a change is noticed by one of the two.
        if (open.admission().decide(request, open.directory()) instanceof Decision.Admit still) {
            session.grant(new Grant(still.subject(), still.policy()));
            CoarsePermissions.allow(context.getDefaultPermissions(), session.grant());
            if (marks.resumes(input)) {
                context.addPublishOutboundInterceptor(new DeliveryFilter(session));
            }
            evidence.admitted(session);
        } else {
            sessions.remove(session);
            var reason = reason(request, open);
            session.end(reason);
            refuse(input, context, request, reason);
        }
    }

    private LiveSession session(
            InitializerInput input, ClientContext context, ConnectRequest request, Decision.Admit admit) {
        return new LiveSession(
                marks.newId(),
                request.clientId(),
                admit.certificate(),
                admit.notAfter(),
                new Grant(admit.subject(), admit.policy()),
                Connections.origin(input, request.now()),
                new LiveSession.Handle(context, Cut.of(input)));
    }

    private static RefusalReason reason(ConnectRequest request, Readiness.Open open) {
        return open.admission().decide(request, open.directory()) instanceof Decision.Refuse refuse
                ? refuse.reason()
                : RefusalReason.UNAVAILABLE;
    }

    private void refuse(InitializerInput input, ClientContext context, ConnectRequest request, RefusalReason reason) {
        // First the permissions: HiveMQ asks them about the will after this, and would arm it again.
        CoarsePermissions.denyAll(context.getDefaultPermissions());
        control.disconnect(request.clientId(), reason);
        evidence.refused(reason, request, Connections.address(input));
    }
}
