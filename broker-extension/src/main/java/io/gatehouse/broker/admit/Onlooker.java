package io.gatehouse.broker.admit;

import com.hivemq.extension.sdk.api.interceptor.publish.PublishInboundInterceptor;
import com.hivemq.extension.sdk.api.interceptor.publish.parameter.PublishInboundInput;
import com.hivemq.extension.sdk.api.interceptor.publish.parameter.PublishInboundOutput;
import com.hivemq.extension.sdk.api.interceptor.subscribe.SubscribeInboundInterceptor;
import com.hivemq.extension.sdk.api.interceptor.subscribe.parameter.SubscribeInboundInput;
import com.hivemq.extension.sdk.api.interceptor.subscribe.parameter.SubscribeInboundOutput;
import com.hivemq.extension.sdk.api.parameter.ClientBasedInput;
import io.gatehouse.admission.decision.Decision;
import io.gatehouse.broker.sessions.Grant;
import io.gatehouse.identity.RefusalReason;
import java.time.InstantSource;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * While we only observe: says which publishes and subscriptions the policy would refuse, and changes nothing. An authorizer that hands on
 * would change much: HiveMQ then refuses what nobody has allowed in so many words. Thread-safe; never throws.
 */
final class Onlooker implements PublishInboundInterceptor, SubscribeInboundInterceptor {
    private static final Logger LOG = LoggerFactory.getLogger(Onlooker.class);

    private final Governance governance;
    private final Readiness readiness;
    private final Evidence evidence;
    private final InstantSource clock;

    Onlooker(Governance governance, Readiness readiness, Evidence evidence, InstantSource clock) {
        this.governance = governance;
        this.readiness = readiness;
        this.evidence = evidence;
        this.clock = clock;
    }

    @Override
    public void onInboundPublish(PublishInboundInput input, PublishInboundOutput output) {
        var packet = input.getPublishPacket();
        look(input, grant -> grant.mayPublish(packet.getTopic(), packet.getQos().getQosNumber(), packet.getRetain()));
    }

    @Override
    public void onInboundSubscribe(SubscribeInboundInput input, SubscribeInboundOutput output) {
        for (var wanted : input.getSubscribePacket().getSubscriptions()) {
            look(
                    input,
                    grant -> grant.maySubscribe(
                            wanted.getTopicFilter(), wanted.getQos().getQosNumber()));
        }
    }

    /** Whoever would not have got in was said when it connected. */
    private void look(ClientBasedInput input, Predicate<Grant> allowed) {
        try {
            if (!governance.observes()) {
                return;
            }
            var request = Connections.request(input, clock.instant());
            if (readiness.state() instanceof Readiness.Open open
                    && open.admission().decide(request, open.directory()) instanceof Decision.Admit admit
                    && !allowed.test(new Grant(admit.subject(), admit.policy()))) {
                evidence.wouldRefuse(RefusalReason.TOPIC_NOT_ALLOWED, request, Connections.address(input));
            }
        } catch (RuntimeException | Error e) {
            LOG.error("What a policy would say could not be found out.", e);
        }
    }
}
