package io.gatehouse.broker.admit;

import com.hivemq.extension.sdk.api.interceptor.publish.PublishOutboundInterceptor;
import com.hivemq.extension.sdk.api.interceptor.publish.parameter.PublishOutboundInput;
import com.hivemq.extension.sdk.api.interceptor.publish.parameter.PublishOutboundOutput;
import io.gatehouse.broker.sessions.LiveSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drops, at delivery, messages that the session may not receive any more: those that were queued under an earlier policy. HiveMQ
 * delivers what is queued for a subscription even when the subscription is gone. Only sessions that may hold such messages carry it.
 */
public final class DeliveryFilter implements PublishOutboundInterceptor {
    private static final Logger LOG = LoggerFactory.getLogger(DeliveryFilter.class);

    private final LiveSession session;

    public DeliveryFilter(LiveSession session) {
        this.session = session;
    }

    @Override
    public void onOutboundPublish(PublishOutboundInput input, PublishOutboundOutput output) {
        try {
            if (session.ended().isEmpty()
                    && session.grant().mayReceive(input.getPublishPacket().getTopic())) {
                return;
            }
        } catch (RuntimeException | Error e) {
            LOG.error("A delivery could not be decided and is dropped.", e);
        }
        output.preventPublishDelivery();
    }
}
