package io.gatehouse.fuzz;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
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
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A policy is refused by PolicyException alone, at places that are there; one that is read is written, read again and decided without any. */
final class PolicyTarget {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> REQUIRED = Set.of("rules", "publish");

    private PolicyTarget() {}

    static void document(FuzzedDataProvider data) {
        String topic = data.consumeString(60);
        int qos = data.consumeInt(0, 2);
        boolean retain = data.consumeBoolean();
        int kind = data.consumeInt(0, 2);
        String attribute = data.consumeString(20);
        String text = data.consumeRemainingAsString();
        var document = switch (kind) {
            case 0 -> object(text);
            case 1 -> ofMember(text);
            default -> ofFilter(text);
        };
        Policy policy;
        try {
            policy = PolicyDocument.read(document);
        } catch (PolicyException e) {
            requirePlaces(document, e);
            return;
        }
        if (!PolicyDocument.read(PolicyDocument.write(policy)).equals(policy)) {
            throw new AssertionError("another policy: " + policy);
        }
        PolicyReview.contradictions(policy);
        PolicyReview.warnings(policy);
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

    /** Each finding points at something in the document, or at a member that has to be there and is not. */
    private static void requirePlaces(Map<String, ?> document, PolicyException refused) {
        JsonNode root = JSON.valueToTree(document);
        for (var finding : refused.findings()) {
            var pointer = JsonPointer.compile(URI.create(finding.pointer()).getFragment());
            if (root.at(pointer).isMissingNode() && !lacks(root, pointer)) {
                throw new AssertionError("nothing at " + finding.pointer(), refused);
            }
        }
        if (refused.findings().isEmpty()) {
            throw new AssertionError("no place", refused);
        }
    }

    private static boolean lacks(JsonNode root, JsonPointer pointer) {
        return REQUIRED.contains(pointer.last().getMatchingProperty())
                && root.at(pointer.head()).isObject();
    }

    private static Map<String, ?> ofMember(String name) {
        var rule = new HashMap<String, Object>();
        rule.put(name, 1);
        rule.put("publish", List.of("a"));
        return Map.of("rules", List.of(rule));
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
