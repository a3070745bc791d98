package io.gatehouse.broker.admit;

import com.hivemq.extension.sdk.api.auth.Authorizer;
import com.hivemq.extension.sdk.api.auth.PublishAuthorizer;
import com.hivemq.extension.sdk.api.auth.SubscriptionAuthorizer;
import com.hivemq.extension.sdk.api.auth.parameter.PublishAuthorizerInput;
import com.hivemq.extension.sdk.api.auth.parameter.PublishAuthorizerOutput;
import com.hivemq.extension.sdk.api.auth.parameter.SubscriptionAuthorizerInput;
import com.hivemq.extension.sdk.api.auth.parameter.SubscriptionAuthorizerOutput;
import com.hivemq.extension.sdk.api.packets.connect.WillPublishPacket;
import com.hivemq.extension.sdk.api.packets.publish.AckReasonCode;
import com.hivemq.extension.sdk.api.packets.publish.PublishPacket;
import com.hivemq.extension.sdk.api.packets.subscribe.SubackReasonCode;
import com.hivemq.extension.sdk.api.parameter.ClientBasedInput;
import io.gatehouse.admission.decision.Decision;
import io.gatehouse.broker.control.DisconnectCodes;
import io.gatehouse.broker.sessions.Grant;
import io.gatehouse.broker.sessions.LiveSession;
import io.gatehouse.broker.sessions.Sessions;
import io.gatehouse.identity.RefusalReason;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides each publish, subscription and will of governed listeners by the fleet's policy. A client there that we did not admit,
 * whoever else did, is disconnected. Microseconds; never throws.
 */
public final class TopicGuard implements PublishAuthorizer, SubscriptionAuthorizer {
    private static final Logger LOG = LoggerFactory.getLogger(TopicGuard.class);

    private final Governance governance;
    private final Readiness readiness;
    private final Sessions sessions;
    private final Marks marks;
    private final Evidence evidence;
    private final InstantSource clock;

    public TopicGuard(
            Governance governance,
            Readiness readiness,
            Sessions sessions,
            Marks marks,
            Evidence evidence,
            InstantSource clock) {
        this.governance = governance;
        this.readiness = readiness;
        this.sessions = sessions;
        this.marks = marks;
        this.evidence = evidence;
        this.clock = clock;
    }

    /**
     * For HiveMQ's question who decides for a client: nobody of us where we do not govern or only observe. An authorizer that hands on
     * would not do: HiveMQ then refuses what no permission allows in so many words.
     */
    public @Nullable Authorizer forClient(ClientBasedInput input) {
        try {
            return governance.governs(input) && !governance.observes() ? this : null;
        } catch (RuntimeException | Error e) {
            LOG.error("Whose client it is could not be found out; it is taken for ours.", e);
            return this;
        }
    }

    @Override
    public void authorizePublish(PublishAuthorizerInput input, PublishAuthorizerOutput output) {
        try {
            var packet = input.getPublishPacket();
            if (packet instanceof WillPublishPacket) {
                decideWill(input, output, packet);
            } else {
                decidePublish(input, output, packet);
            }
        } catch (RuntimeException | Error e) {
            LOG.error("A PUBLISH could not be decided and is refused.", e);
            output.failAuthorization(AckReasonCode.UNSPECIFIED_ERROR, RefusalReason.INTERNAL_ERROR.word());
        }
    }

    private void decidePublish(PublishAuthorizerInput input, PublishAuthorizerOutput output, PublishPacket packet) {
        var session = session(input);
        var refused = whyNot(session);
        if (refused.isPresent()) {
            output.disconnectClient(
                    DisconnectCodes.of(refused.get()), refused.get().word());
            return;
        }
        answer(input, output, session.get().grant(), packet);
    }

    /** A will is decided before the session is registered, so the certificate is asked again. */
    private void decideWill(PublishAuthorizerInput input, PublishAuthorizerOutput output, PublishPacket packet) {
        if (marks.isAdmitted(input)
                && readiness.state() instanceof Readiness.Open open
                && open.admission().decide(Connections.request(input, clock.instant()), open.directory())
                        instanceof Decision.Admit admit) {
            answer(input, output, new Grant(admit.subject(), admit.policy()), packet);
        } else {
            output.failAuthorization(AckReasonCode.NOT_AUTHORIZED, RefusalReason.NOT_AUTHENTICATED.word());
        }
    }

    private void answer(
            PublishAuthorizerInput input, PublishAuthorizerOutput output, Grant grant, PublishPacket packet) {
        if (grant.mayPublish(packet.getTopic(), packet.getQos().getQosNumber(), packet.getRetain())) {
            output.authorizeSuccessfully();
        } else {
            output.failAuthorization(AckReasonCode.NOT_AUTHORIZED, RefusalReason.TOPIC_NOT_ALLOWED.word());
            topicRefused(input);
        }
    }

    private void topicRefused(ClientBasedInput input) {
        evidence.refused(
                RefusalReason.TOPIC_NOT_ALLOWED,
                Connections.request(input, clock.instant()),
                Connections.address(input));
    }

    @Override
    public void authorizeSubscribe(SubscriptionAuthorizerInput input, SubscriptionAuthorizerOutput output) {
        try {
            var session = session(input);
            var refused = whyNot(session);
            if (refused.isPresent()) {
                output.disconnectClient(
                        DisconnectCodes.of(refused.get()), refused.get().word());
                return;
            }
            var wanted = input.getSubscription();
            if (session.get()
                    .grant()
                    .maySubscribe(wanted.getTopicFilter(), wanted.getQos().getQosNumber())) {
                output.authorizeSuccessfully();
            } else {
                output.failAuthorization(SubackReasonCode.NOT_AUTHORIZED, RefusalReason.TOPIC_NOT_ALLOWED.word());
                topicRefused(input);
            }
        } catch (RuntimeException | Error e) {
            LOG.error("A SUBSCRIBE could not be decided and is refused.", e);
            output.failAuthorization(SubackReasonCode.UNSPECIFIED_ERROR, RefusalReason.INTERNAL_ERROR.word());
        }
    }

    private Optional<LiveSession> session(ClientBasedInput input) {
        // Only our registration gives out ids, and nobody can guess one.
        return marks.session(input).flatMap(sessions::find);
    }

    private static Optional<RefusalReason> whyNot(Optional<LiveSession> session) {
        return session.isEmpty()
                ? Optional.of(RefusalReason.NOT_AUTHENTICATED)
                : session.get().ended();
    }
}
