package io.gatehouse.identity.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A fleet's policy, ready to decide for every member: made once per fleet, the subject is given at each decision. What no single
 * filter allows is refused, so a subscription that only two rules together would cover is refused too. Anything malformed is
 * refused. Immutable, thread-safe, without I/O.
 */
public final class CompiledPolicy {
    /** Allows nothing. */
    public static final CompiledPolicy NONE = of(Policy.NONE);

    private record CompiledRule(
            Rule rule, List<FilterTemplate> publish, List<FilterTemplate> subscribe, Optional<Rule> answer) {}

    private final Policy policy;
    private final CompiledRule[] rules;

    private CompiledPolicy(Policy policy) {
        this.policy = policy;
        this.rules = policy.rules().stream()
                .map(rule -> new CompiledRule(
                        rule, templates(rule.publish(), true), templates(rule.subscribe(), false), Optional.of(rule)))
                .toArray(CompiledRule[]::new);
    }

    /** The policy, compiled. */
    public static CompiledPolicy of(Policy policy) {
        return new CompiledPolicy(policy);
    }

    /** What this was compiled from. */
    public Policy policy() {
        return policy;
    }

    /** The first rule that allows the subject to publish this, will messages too; nothing when it is refused. */
    public Optional<Rule> publish(PolicySubject subject, String topic, int qos, boolean retain) {
        if (!Topics.validName(topic)) {
            return Optional.empty();
        }
        for (var compiled : rules) {
            if (qos <= compiled.rule().qosMax()
                    && compiled.rule().retain().allows(retain)
                    && anyCovers(compiled.publish(), subject, topic)) {
                return compiled.answer();
            }
        }
        return Optional.empty();
    }

    /** The first rule that allows the subject this subscription, shared or not; nothing when it is refused. */
    public Optional<Rule> subscribe(PolicySubject subject, String filter, int qos) {
        if (!Topics.validFilter(filter)) {
            return Optional.empty();
        }
        boolean shared = Topics.isShared(filter);
        String topics = Topics.canonical(Topics.withoutShare(filter));
        for (var compiled : rules) {
            if (qos <= compiled.rule().qosMax()
                    && compiled.rule().shared().allows(shared)
                    && anyCovers(compiled.subscribe(), subject, topics)) {
                return compiled.answer();
            }
        }
        return Optional.empty();
    }

    /** All that the subject may publish to, without regard to QoS and retain: for a broker's own coarse permissions. */
    public List<String> publishFilters(PolicySubject subject) {
        var filters = new ArrayList<String>();
        for (var compiled : rules) {
            for (var template : compiled.publish()) {
                template.resolve(subject).ifPresent(filters::add);
            }
        }
        return List.copyOf(filters);
    }

    private static boolean anyCovers(List<FilterTemplate> templates, PolicySubject subject, String topics) {
        // By index: an iterator would be the only allocation of a decision.
        for (int i = 0; i < templates.size(); i++) {
            if (templates.get(i).covers(subject, topics)) {
                return true;
            }
        }
        return false;
    }

    private static List<FilterTemplate> templates(List<String> filters, boolean forPublish) {
        return filters.stream()
                .map(filter -> FilterTemplate.parse(filter, forPublish))
                .toList();
    }
}
