package io.gatehouse.broker.admit;

import com.hivemq.extension.sdk.api.interceptor.suback.SubackOutboundInterceptor;
import com.hivemq.extension.sdk.api.interceptor.suback.parameter.SubackOutboundInput;
import com.hivemq.extension.sdk.api.interceptor.suback.parameter.SubackOutboundOutput;

/**
 * Looks at a session's subscriptions again whenever one was stored. A SUBSCRIBE that was allowed a moment before the rights were narrowed
 * is stored a moment after what is forbidden was taken away. Only sessions whose rights have changed carry it.
 */
public final class SubscriptionRecheck implements SubackOutboundInterceptor {
    private final Runnable recheck;

    /** {@code recheck} never throws and does not wait. */
    public SubscriptionRecheck(Runnable recheck) {
        this.recheck = recheck;
    }

    @Override
    public void onOutboundSuback(SubackOutboundInput input, SubackOutboundOutput output) {
        recheck.run();
    }
}
