package io.gatehouse.fuzz;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.FleetName;
import io.gatehouse.identity.policy.CompiledPolicy;
import io.gatehouse.identity.policy.Explanation;
import io.gatehouse.identity.policy.Policy;
import io.gatehouse.identity.policy.PolicyDocument;
import io.gatehouse.identity.policy.PolicyException;
import io.gatehouse.identity.policy.PolicyReview;
import io.gatehouse.identity.policy.PolicySubject;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A policy is refused by PolicyException alone; one that is read is written, read again and decided without any. */
final class PolicyTarget {
    private static final ObjectMapper JSON = new ObjectMapper();

    private PolicyTarget() {}

    static void document(FuzzedDataProvider data) {
        String topic = data.consumeString(60);
        int qos = data.consumeInt(0, 2);
        boolean retain = data.consumeBoolean();
        boolean whole = data.consumeBoolean();
        String attribute = data.consumeString(20);
        String text = data.consumeRemainingAsString();
        Policy policy;
        try {
            policy = PolicyDocument.read(whole ? object(text) : ofFilter(text));
        } catch (PolicyException e) {
            if (e.findings().isEmpty() || e.findings().get(0).pointer().isEmpty()) {
                throw new AssertionError("no place", e);
            }
            return;
        }
        if (!PolicyDocument.read(PolicyDocument.write(policy)).equals(policy)) {
            throw new AssertionError("another policy: " + policy);
        }
        PolicyReview.of(policy);
        var subject = new PolicySubject(DeviceId.of("d"), FleetName.of("f"), Map.of("a", attribute));
        var compiled = CompiledPolicy.of(policy);
        var publish = Explanation.ofPublish(policy, subject, topic, qos, Optional.of(retain));
        var subscribe = Explanation.ofSubscribe(policy, subject, topic, qos);
        if (publish.allowed() != compiled.publish(subject, topic, qos, retain).isPresent()
                || subscribe.allowed()
                        != compiled.subscribe(subject, topic, qos).isPresent()) {
            throw new AssertionError(topic + " by " + policy);
        }
    }

    private static Map<String, ?> ofFilter(String filter) {
        return Map.of("rules", List.of(Map.of("subscribe", List.of(filter))));
    }

    private static Map<String, Object> object(String text) {
        try {
            Map<String, Object> object = JSON.readValue(text, new TypeReference<>() {});
            return object == null ? Map.of() : object;
        } catch (JsonProcessingException e) {
            return Map.of();
        }
    }
}
