package io.gatehouse.broker.sessions;

import io.gatehouse.identity.policy.CompiledPolicy;
import io.gatehouse.identity.policy.PolicySubject;
import io.gatehouse.identity.policy.Topics;

/** What a session may do: its fleet's policy for this subject. Immutable. */
public record Grant(PolicySubject subject, CompiledPolicy policy) {
    public boolean mayPublish(String topic, int qos, boolean retain) {
        return policy.publish(subject, topic, qos, retain).isPresent();
    }

    public boolean mayLeave(Wills.Will will) {
        return mayPublish(will.topic(), will.qos(), will.retain());
    }

    public boolean maySubscribe(String filter, int qos) {
        return policy.subscribe(subject, filter, qos).isPresent();
    }

    /** Whether a message on this topic may still be delivered: whether any subscription, shared or not, could be for it. */
    public boolean mayReceive(String topic) {
        return Topics.validName(topic) && (maySubscribe(topic, 0) || maySubscribe("$share/g/" + topic, 0));
    }
}
