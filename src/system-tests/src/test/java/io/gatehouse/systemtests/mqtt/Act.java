package io.gatehouse.systemtests.mqtt;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a client does once it is admitted: it subscribes to the filters in one packet, then publishes.
 *
 * @param qos of the subscriptions
 */
record Act(List<String> filters, int qos, @Nullable Message message) {
    /** Nothing but CONNECT. */
    static final Act NONE = new Act(List.of(), 0, null);

    Act {
        filters = List.copyOf(filters);
    }

    static Act subscribing(int qos, String... filters) {
        return new Act(List.of(filters), qos, null);
    }

    static Act publishing(Message message) {
        return new Act(List.of(), 0, message);
    }

    /** A message, or a will. */
    record Message(String topic, String payload, int qos, boolean retain) {}
}
