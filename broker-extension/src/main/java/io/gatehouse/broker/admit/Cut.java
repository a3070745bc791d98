package io.gatehouse.broker.admit;

import com.hivemq.extension.sdk.api.parameter.ClientBasedInput;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes a connection without a word. HiveMQ closes an MQTT 5 connection after it has written DISCONNECT, which never happens when the
 * client does not read and its receive window is full; the SDK has no other way, so this one reaches for the Netty channel behind it.
 * Without effect (and said in the log) where HiveMQ is built otherwise.
 */
final class Cut {
    private static final Logger LOG = LoggerFactory.getLogger(Cut.class);

    private Cut() {}

    /** What cuts this connection, whenever it is run. */
    static Runnable of(ClientBasedInput input) {
        Object store = input.getConnectionInformation().getConnectionAttributeStore();
        return () -> cut(store);
    }

    private static void cut(Object store) {
        try {
            var field = store.getClass().getDeclaredField("channel");
            field.setAccessible(true);
            Object channel = field.get(store);
            Class.forName(
                            "io.netty.channel.ChannelOutboundInvoker",
                            false,
                            channel.getClass().getClassLoader())
                    .getMethod("close")
                    .invoke(channel);
        } catch (ReflectiveOperationException | RuntimeException e) {
            LOG.warn("A connection that does not take its DISCONNECT cannot be cut: {}", e.toString());
        }
    }
}
