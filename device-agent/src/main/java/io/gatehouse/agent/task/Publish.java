package io.gatehouse.agent.task;

import io.gatehouse.agent.Attempt;
import io.gatehouse.agent.Failure;
import io.gatehouse.agent.mqtt.BrokerLink;
import java.time.Duration;

/** Publishes one message on a connection of its own. */
public final class Publish {
    private static final Duration WAIT_FOR_REFUSAL = Duration.ofMillis(300);

    private final Device device;

    public Publish(Device device) {
        this.device = device;
    }

    /** One message. */
    @SuppressWarnings("ArrayRecordComponent") // nobody compares messages
    public record Message(String topic, byte[] payload, int qos, boolean retain) {}

    /** Done when the broker has taken the message, as far as its QoS can tell. */
    public Attempt<Attempt.Unit> run(Message message) {
        var linked = device.connect((topic, payload) -> {});
        if (linked instanceof Attempt.Failed<BrokerLink> failed) {
            return Attempt.failed(device.confirm(failed.why()));
        }
        try (var link = linked.result().orElseThrow()) {
            var published = link.publish(message.topic(), message.payload(), message.qos(), message.retain());
            if (published.failure().isEmpty() && message.qos() == 0) {
                // there is no acknowledgement: a broker that does not take it can only end the connection
                var end = link.awaitEnd(WAIT_FOR_REFUSAL);
                return end.isPresent() ? Attempt.failed(device.confirm(end.get())) : published;
            }
            return published;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Attempt.failed(Failure.passing("interrupted"));
        }
    }
}
