package io.gatehouse.identity.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a person who sets a policy should know beyond its being well-formed. Contradictions: members that can never apply to the rule
 * in which they stand, and a policy that is too large. Warnings: what allows nothing that the rest does not allow, and what looks like
 * a variable and is none; taking all that is covered away changes no decision. Both in the order of the document.
 */
public final class PolicyReview {
    /** Each is compared with each. */
    private static final int MOST_COMPARED = 1_000;

    /** How others write their variables: mosquitto's %c, templates, and ours with the braces forgotten. */
    private static final Pattern NEARLY_VARIABLE =
            Pattern.compile("%[A-Za-z]|[{<].*[}>]|\\$(device|fleet|attr\\..*)|\\$\\(.*\\)");

    private PolicyReview() {}

    /** Why nobody should set this policy. */
    public static List<Finding> contradictions(Policy policy) {
        var found = new ArrayList<Finding>();
        if (policy.characters() > Policy.MAX_CHARACTERS) {
            found.add(Finding.of(
                    Place.of("rules"),
                    "all filters together have " + policy.characters() + " characters; at most "
                            + Policy.MAX_CHARACTERS));
        }
        for (int i = 0; i < policy.rules().size(); i++) {
            var rule = policy.rules().get(i);
            if (rule.publish().isEmpty() && rule.retain() != Retain.ANY) {
                found.add(new Finding(
                        Place.of("rules").item(i).member("retain"),
                        PolicyDocument.word(rule.retain()),
                        "narrows what is published, and this rule has no publish; leave it out"));
            }
            if (rule.subscribe().isEmpty() && rule.shared() != Shared.ANY) {
                found.add(new Finding(
                        Place.of("rules").item(i).member("shared"),
                        PolicyDocument.word(rule.shared()),
                        "narrows what is subscribed to, and this rule has no subscribe; leave it out"));
            }
        }
        return List.copyOf(found);
    }

    /** A filter where it stands; {@code order} is its place among all of the policy. */
    private record Placed(
            int order, int ruleIndex, Rule rule, boolean publishes, Place place, String text, FilterTemplate template) {
        /** Whether whatever the other allows is allowed by this, too. */
        boolean covers(Placed other) {
            return publishes == other.publishes
                    && rule.qosMax() >= other.rule.qosMax()
                    && (publishes
                            ? rule.retain() == Retain.ANY || rule.retain() == other.rule.retain()
                            : rule.shared() == Shared.ANY || rule.shared() == other.rule.shared())
                    && template.covers(other.template);
        }
    }

    private record Covered(Placed filter, Placed by) {}

    /** What the person who sets it should look at. Of a policy with more than 1,000 filters it is not said which are covered, but that. */
    public static List<Finding> warnings(Policy policy) {
        var all = placed(policy);
        var found = new ArrayList<Finding>();
        if (all.size() > MOST_COMPARED) {
            found.add(Finding.of(
                    Place.of("rules"),
                    all.size() + " filters are too many to look for those that others cover; that is done up to "
                            + MOST_COMPARED));
            all.forEach(filter -> nearlyVariable(filter, found));
            return List.copyOf(found);
        }
        var needed = all.stream()
                .filter(filter -> all.stream().noneMatch(other -> superfluous(filter, other)))
                .toList();
        for (int i = 0; i < policy.rules().size(); i++) {
            int index = i;
            var ofRule =
                    all.stream().filter(filter -> filter.ruleIndex() == index).toList();
            ofRule.forEach(filter -> nearlyVariable(filter, found));
            var covered = new ArrayList<Covered>();
            ofRule.forEach(filter -> needed.stream()
                    .filter(other -> superfluous(filter, other))
                    .findFirst()
                    .ifPresent(other -> covered.add(new Covered(filter, other))));
            if (covered.size() == ofRule.size()) {
                found.add(wholeRule(index, covered));
            } else {
                covered.forEach(each -> found.add(oneFilter(each)));
            }
        }
        return List.copyOf(found);
    }

    private static List<Placed> placed(Policy policy) {
        var all = new ArrayList<Placed>();
        for (int i = 0; i < policy.rules().size(); i++) {
            var rule = policy.rules().get(i);
            place(all, i, rule, "publish", rule.publish());
            place(all, i, rule, "subscribe", rule.subscribe());
        }
        return all;
    }

    private static void place(List<Placed> all, int ruleIndex, Rule rule, String member, List<String> filters) {
        for (int i = 0; i < filters.size(); i++) {
            boolean publishes = member.equals("publish");
            var template = FilterTemplate.parse(filters.get(i), publishes);
            var place = Place.of("rules").item(ruleIndex).member(member).item(i);
            all.add(new Placed(all.size(), ruleIndex, rule, publishes, place, filters.get(i), template));
        }
    }

    /** Of filters that cover each other, the first is not superfluous. */
    private static boolean superfluous(Placed filter, Placed other) {
        return filter.order() != other.order()
                && other.covers(filter)
                && (other.order() < filter.order() || !filter.covers(other));
    }

    private static Finding wholeRule(int index, List<Covered> covered) {
        var by = covered.stream().map(each -> each.by().ruleIndex() + 1).collect(Collectors.toCollection(TreeSet::new));
        String rules = by.stream().map(String::valueOf).collect(Collectors.joining(", "));
        return Finding.of(
                Place.of("rules").item(index),
                "allows nothing that rule " + rules + (by.size() == 1 ? " does" : " do") + " not allow; it can go");
    }

    private static Finding oneFilter(Covered covered) {
        String by = Finding.shown(covered.by().text(), 80) + "\" of rule "
                + (covered.by().ruleIndex() + 1);
        return new Finding(
                covered.filter().place(),
                covered.filter().text(),
                "allows nothing that \"" + by + " does not allow; it can go");
    }

    private static void nearlyVariable(Placed filter, List<Finding> found) {
        for (String level : filter.text().split("/", -1)) {
            if (NEARLY_VARIABLE.matcher(level).matches()) {
                found.add(new Finding(
                        filter.place(),
                        filter.text(),
                        Finding.shown(level, 40)
                                + " is taken as it stands; variables are ${device}, ${fleet} and ${attr.NAME}"));
                return;
            }
        }
    }
}
