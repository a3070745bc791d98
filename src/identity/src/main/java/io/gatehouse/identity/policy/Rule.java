package io.gatehouse.identity.policy;

import java.util.ArrayList;
import java.util.List;

/**
 * One permission: these filters to publish to, these to subscribe to, up to this QoS. A level of a filter is a literal,
 * {@code +}, a last {@code #}, or one of the variables <code>${device}</code>, <code>${fleet}</code>, <code>${attr.NAME}</code>.
 * {@code retain} narrows what is published, {@code shared} what is subscribed to. Always valid: the constructor throws
 * {@link PolicyException} naming the member. Immutable and thread-safe.
 */
public record Rule(List<String> publish, List<String> subscribe, int qosMax, Retain retain, Shared shared) {
    /** The most filters that each of the two lists may hold. */
    public static final int MAX_FILTERS = 64;

    /** What a rule without {@code qosMax} allows. */
    public static final int DEFAULT_QOS_MAX = 2;

    public Rule {
        publish = List.copyOf(publish);
        subscribe = List.copyOf(subscribe);
        if (publish.isEmpty() && subscribe.isEmpty()) {
            throw new PolicyException(Place.of("publish"), "a rule needs at least one filter in publish or subscribe");
        }
        if (qosMax < 0 || qosMax > 2) {
            throw new PolicyException(Place.of("qosMax"), "must be 0, 1 or 2");
        }
        var wrong = new ArrayList<Finding>();
        checkFilters("publish", publish, true, wrong);
        checkFilters("subscribe", subscribe, false, wrong);
        if (!wrong.isEmpty()) {
            throw new PolicyException(wrong);
        }
    }

    /** A rule that allows to publish, with the defaults for the rest. */
    public static Rule publishing(String... filters) {
        return new Rule(List.of(filters), List.of(), DEFAULT_QOS_MAX, Retain.ANY, Shared.ANY);
    }

    /** A rule that allows to subscribe, with the defaults for the rest. */
    public static Rule subscribing(String... filters) {
        return new Rule(List.of(), List.of(filters), DEFAULT_QOS_MAX, Retain.ANY, Shared.ANY);
    }

    private static void checkFilters(String member, List<String> filters, boolean forPublish, List<Finding> wrong) {
        if (filters.size() > MAX_FILTERS) {
            wrong.add(Finding.of(Place.of(member), filters.size() + " filters; at most " + MAX_FILTERS));
            return;
        }
        for (int i = 0; i < filters.size(); i++) {
            try {
                FilterTemplate.parse(filters.get(i), forPublish);
            } catch (IllegalArgumentException e) {
                wrong.add(new Finding(Place.of(member).item(i), filters.get(i), String.valueOf(e.getMessage())));
            }
        }
    }
}
