package io.gatehouse.identity.policy;

import java.util.List;

/** What the members of a fleet may do: the rules, of which one that allows is enough. Immutable and thread-safe. */
public record Policy(List<Rule> rules) {
    /** The most rules that a policy may hold. */
    public static final int MAX_RULES = 64;

    /** Allows nothing. */
    public static final Policy NONE = new Policy(List.of());

    public Policy {
        rules = List.copyOf(rules);
        if (rules.size() > MAX_RULES) {
            throw new PolicyException("rules", "at most " + MAX_RULES + " rules");
        }
    }

    /** The policy of these rules. */
    public static Policy of(Rule... rules) {
        return new Policy(List.of(rules));
    }
}
