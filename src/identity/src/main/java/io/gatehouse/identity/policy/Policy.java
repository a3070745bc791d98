package io.gatehouse.identity.policy;

import java.util.List;
import java.util.stream.Stream;

/** What the members of a fleet may do: the rules, of which one that allows is enough. Immutable and thread-safe. */
public record Policy(List<Rule> rules) {
    /** The most rules that a policy may hold. */
    public static final int MAX_RULES = 64;

    /** All filters of a policy together, in UTF-16 units: a fleet has to fit on one line of the feed. */
    public static final int MAX_CHARACTERS = 100_000;

    /** Allows nothing. */
    public static final Policy NONE = new Policy(List.of());

    public Policy {
        rules = List.copyOf(rules);
        if (rules.size() > MAX_RULES) {
            throw new PolicyException(Place.of("rules"), rules.size() + " rules; at most " + MAX_RULES);
        }
    }

    /** The policy of these rules. */
    public static Policy of(Rule... rules) {
        return new Policy(List.of(rules));
    }

    /** How long all filters are together, in UTF-16 units. */
    public int characters() {
        return rules.stream()
                .flatMap(rule -> Stream.concat(rule.publish().stream(), rule.subscribe().stream()))
                .mapToInt(String::length)
                .sum();
    }
}
