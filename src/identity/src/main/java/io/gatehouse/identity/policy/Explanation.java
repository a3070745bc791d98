package io.gatehouse.identity.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What {@link CompiledPolicy} decides, and why, in sentences for a person. {@code rule} is the number, from 1, of the first rule that
 * allows it, or 0; {@code whyNot} says of each rule that comes near what it lacks, is never empty for a refusal, and empty otherwise.
 * Immutable.
 */
public record Explanation(int rule, List<String> whyNot) {
    private static final int LONGEST_FILTER = 200;

    public Explanation {
        whyNot = List.copyOf(whyNot);
    }

    public boolean allowed() {
        return rule > 0;
    }

    /** Of a publish or a will; without {@code retain}, whether it is allowed retained or not. */
    public static Explanation ofPublish(
            Policy policy, PolicySubject subject, String topic, int qos, Optional<Boolean> retain) {
        var compiled = CompiledPolicy.of(policy);
        Optional<Rule> allowing = retain.isPresent()
                ? compiled.publish(subject, topic, qos, retain.get())
                : compiled.publish(subject, topic, qos, false).or(() -> compiled.publish(subject, topic, qos, true));
        if (allowing.isPresent()) {
            return new Explanation(number(policy, allowing.get()), List.of());
        }
        if (!Topics.validName(topic)) {
            return refused("it is not a topic name: that has 1 to 65535 bytes and no + or #");
        }
        if (Topics.startsWithDollar(topic)) {
            return refused("no client can publish to a topic that begins with $");
        }
        var whyNot = new ArrayList<String>();
        for (int i = 0; i < policy.rules().size(); i++) {
            var rule = policy.rules().get(i);
            var limits = new ArrayList<String>();
            limitOfQos(rule, qos).ifPresent(limits::add);
            retain.filter(retained -> !rule.retain().allows(retained))
                    .ifPresent(retained -> limits.add(
                            retained ? "it allows no retained messages" : "it allows retained messages only"));
            nearest(i, rule.publish(), subject, topic, limits).ifPresent(whyNot::add);
        }
        return refused(whyNot, policy);
    }

    /** Of a subscription, shared or not. */
    public static Explanation ofSubscribe(Policy policy, PolicySubject subject, String filter, int qos) {
        var allowing = CompiledPolicy.of(policy).subscribe(subject, filter, qos);
        if (allowing.isPresent()) {
            return new Explanation(number(policy, allowing.get()), List.of());
        }
        if (!Topics.validFilter(filter)) {
            return refused("it is not a topic filter: + and # stand only as a whole level, # only as the last");
        }
        boolean shared = Topics.isShared(filter);
        String topics = Topics.withoutShare(filter);
        var whyNot = new ArrayList<String>();
        if (Topics.startsWithDollar(topics)) {
            whyNot.add("a filter that begins with a wildcard covers no topic that begins with $");
        }
        for (int i = 0; i < policy.rules().size(); i++) {
            var rule = policy.rules().get(i);
            var limits = new ArrayList<String>();
            limitOfQos(rule, qos).ifPresent(limits::add);
            if (!rule.shared().allows(shared)) {
                limits.add(shared ? "it allows no shared subscriptions" : "it allows shared subscriptions only");
            }
            String number = ruleNumber(i);
            nearest(i, rule.subscribe(), subject, Topics.canonical(topics), limits)
                    .or(() -> part(rule.subscribe(), subject, topics)
                            .map(part -> number + " allows only a part of it: " + part))
                    .ifPresent(whyNot::add);
        }
        return refused(whyNot, policy);
    }

    private static Explanation refused(String why) {
        return new Explanation(0, List.of(why));
    }

    private static Explanation refused(List<String> whyNot, Policy policy) {
        if (!whyNot.isEmpty()) {
            return new Explanation(0, whyNot);
        }
        return refused(policy.rules().isEmpty() ? "the fleet has no rules" : "no rule has a filter like it");
    }

    private static int number(Policy policy, Rule rule) {
        return policy.rules().indexOf(rule) + 1;
    }

    private static String ruleNumber(int index) {
        return "rule " + (index + 1);
    }

    private static Optional<String> limitOfQos(Rule rule, int qos) {
        return qos <= rule.qosMax()
                ? Optional.empty()
                : Optional.of("QoS " + qos + " is above its qosMax " + rule.qosMax());
    }

    /** The filter of the rule that lacks least, and what it lacks. */
    private static Optional<String> nearest(
            int index, List<String> filters, PolicySubject subject, String topics, List<String> limits) {
        Optional<String> nearest = Optional.empty();
        var least = OptionalInt.empty();
        for (String filter : filters) {
            var lacks = FilterTemplate.parse(filter, false).lacks(subject, topics);
            if (lacks.isPresent() && (least.isEmpty() || lacks.get().size() < least.getAsInt())) {
                least = OptionalInt.of(lacks.get().size());
                var all = new ArrayList<>(lacks.get());
                all.addAll(limits);
                nearest = Optional.of(ruleNumber(index) + " would allow it by " + shown(filter) + ", but "
                        + String.join(", and ", all));
            }
        }
        return nearest;
    }

    private static Optional<String> part(List<String> filters, PolicySubject subject, String topics) {
        return filters.stream()
                .flatMap(filter -> FilterTemplate.parse(filter, false).resolve(subject).stream())
                .filter(filter -> Topics.contains(topics, filter))
                .findFirst()
                .map(Explanation::shown);
    }

    private static String shown(String filter) {
        return "\"" + Finding.shown(filter, LONGEST_FILTER) + "\"";
    }
}
