package io.gatehouse.identity.policy;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The policy as a document of plain maps, lists, strings and numbers, which every JSON or TOML reader can hand over:
 * <code>{"rules":[{"publish":["devices/${device}/#"],"qosMax":1,"retain":"any"}]}</code>. Strict: a member that is not known, or a
 * value that is not allowed, throws {@link PolicyException} with its path; every rule and filter is looked at.
 */
public final class PolicyDocument {
    private static final Set<String> RULE_MEMBERS = Set.of("publish", "subscribe", "qosMax", "retain", "shared");

    private PolicyDocument() {}

    /** The policy of a document; {@code {"rules":[]}} allows nothing. */
    public static Policy read(Map<String, ?> document) {
        requireKnown(document, Set.of("rules"), "rules");
        if (!(document.get("rules") instanceof List<?> rules)) {
            throw new PolicyException(Place.of("rules"), "must be a list of rules");
        }
        if (rules.size() > Policy.MAX_RULES) {
            throw new PolicyException(Place.of("rules"), rules.size() + " rules; at most " + Policy.MAX_RULES);
        }
        var read = new ArrayList<Rule>(rules.size());
        var wrong = new ArrayList<Finding>();
        for (int i = 0; i < rules.size(); i++) {
            var place = Place.of("rules").item(i);
            if (!(rules.get(i) instanceof Map<?, ?> rule)) {
                wrong.add(Finding.of(place, "must be an object with publish or subscribe"));
                continue;
            }
            try {
                read.add(rule(rule));
            } catch (PolicyException e) {
                e.findings().forEach(finding -> wrong.add(finding.under(place)));
            }
        }
        if (!wrong.isEmpty()) {
            throw new PolicyException(wrong);
        }
        return new Policy(read);
    }

    /**
     * The policy of a document that somebody sets now. Refuses also what {@link PolicyReview} finds contradictory; {@link #read} does
     * not, because services have stored such policies.
     */
    public static Policy readNew(Map<String, ?> document) {
        var policy = read(document);
        var contradictions = PolicyReview.contradictions(policy);
        if (!contradictions.isEmpty()) {
            throw new PolicyException(contradictions);
        }
        return policy;
    }

    /** The document of a policy; members that have their default are left out. */
    public static Map<String, Object> write(Policy policy) {
        return Map.of(
                "rules", policy.rules().stream().map(PolicyDocument::write).toList());
    }

    /** One rule as it stands in the document. */
    public static Map<String, Object> write(Rule rule) {
        var members = new LinkedHashMap<String, Object>();
        if (!rule.publish().isEmpty()) {
            members.put("publish", rule.publish());
        }
        if (!rule.subscribe().isEmpty()) {
            members.put("subscribe", rule.subscribe());
        }
        if (rule.qosMax() != Rule.DEFAULT_QOS_MAX) {
            members.put("qosMax", rule.qosMax());
        }
        if (rule.retain() != Retain.ANY) {
            members.put("retain", word(rule.retain()));
        }
        if (rule.shared() != Shared.ANY) {
            members.put("shared", word(rule.shared()));
        }
        return members;
    }

    private static Rule rule(Map<?, ?> rule) {
        requireKnown(rule, RULE_MEMBERS, "publish, subscribe, qosMax, retain, shared");
        return new Rule(
                filters("publish", rule.get("publish")),
                filters("subscribe", rule.get("subscribe")),
                qos(rule.get("qosMax")),
                choice("retain", rule.get("retain"), Retain.ANY, Retain.values()),
                choice("shared", rule.get("shared"), Shared.ANY, Shared.values()));
    }

    private static List<String> filters(String member, @Nullable Object value) {
        if (value == null) {
            return List.of();
        }
        if (!(value instanceof List<?> items)) {
            throw new PolicyException(Place.of(member), "must be a list of topic filters");
        }
        var filters = new ArrayList<String>(items.size());
        for (int i = 0; i < items.size(); i++) {
            if (!(items.get(i) instanceof String filter)) {
                throw new PolicyException(Place.of(member).item(i), "must be a topic filter, which is a text");
            }
            filters.add(filter);
        }
        return filters;
    }

    private static int qos(@Nullable Object value) {
        if (value == null) {
            return Rule.DEFAULT_QOS_MAX;
        }
        boolean whole = value instanceof Integer || value instanceof Long || value instanceof BigInteger;
        String digits = String.valueOf(value);
        if (!whole || !Set.of("0", "1", "2").contains(digits)) {
            throw wrong("qosMax", value, "must be 0, 1 or 2");
        }
        return Integer.parseInt(digits);
    }

    private static <E extends Enum<E>> E choice(String member, @Nullable Object value, E otherwise, E[] values) {
        if (value == null) {
            return otherwise;
        }
        var words = new ArrayList<String>();
        for (E choice : values) {
            if (word(choice).equals(value)) {
                return choice;
            }
            words.add(word(choice));
        }
        throw wrong(member, value, "must be one of " + String.join(", ", words));
    }

    private static PolicyException wrong(String member, Object value, String problem) {
        boolean plain = value instanceof String || value instanceof Number || value instanceof Boolean;
        return new PolicyException(List.of(new Finding(Place.of(member), plain ? value.toString() : "", problem)));
    }

    static String word(Enum<?> choice) {
        return choice.name().toLowerCase(Locale.ROOT);
    }

    private static void requireKnown(Map<?, ?> members, Set<String> known, String allowed) {
        for (Object name : members.keySet()) {
            var member = Place.of(String.valueOf(name));
            if (!(name instanceof String text) || !known.contains(text)) {
                throw new PolicyException(member, "unknown member; there are " + allowed);
            }
            if (members.get(name) == null) {
                throw new PolicyException(member, "must not be null; leave it out for its default");
            }
        }
    }
}
