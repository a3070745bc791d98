package io.gatehouse.identity.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.gatehouse.identity.FleetKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyReviewTest {
    private static List<String> warnings(Rule... rules) {
        return PolicyReview.warnings(Policy.of(rules)).stream()
                .map(Finding::toString)
                .toList();
    }

    @Test
    void a_member_that_can_never_apply_is_a_contradiction_for_who_sets_it_and_none_for_who_reads_it() {
        var policy = Policy.of(
                new Rule(List.of("a"), List.of(), 2, Retain.NEVER, Shared.ONLY),
                new Rule(List.of(), List.of("b"), 2, Retain.ONLY, Shared.NEVER));
        var document = PolicyDocument.write(policy);

        assertThat(PolicyDocument.read(document)).as("as it was stored").isEqualTo(policy);
        assertThatExceptionOfType(PolicyException.class)
                .isThrownBy(() -> PolicyDocument.readNew(document))
                .satisfies(e -> assertThat(e.findings())
                        .extracting(Finding::path)
                        .containsExactly("rules[0].shared", "rules[1].retain"))
                .withMessageContaining("rules[0].shared: \"only\": narrows what is subscribed to, and this rule has no "
                        + "subscribe; leave it out (and 1 more)");
    }

    @Test
    void members_that_apply_are_no_contradiction() {
        var document =
                PolicyDocument.write(Policy.of(new Rule(List.of("a"), List.of("a"), 0, Retain.ONLY, Shared.ONLY)));

        assertThat(PolicyDocument.readNew(document)).isEqualTo(PolicyDocument.read(document));
    }

    @Test
    void a_policy_that_would_not_fit_on_a_line_of_the_feed_is_refused() {
        var long1 = "a/" + "x".repeat(1000);
        var rule = new Rule(java.util.Collections.nCopies(50, long1), List.of(), 2, Retain.ANY, Shared.ANY);

        assertThatExceptionOfType(PolicyException.class)
                .isThrownBy(() -> PolicyDocument.readNew(PolicyDocument.write(Policy.of(rule, rule))))
                .withMessageContaining("rules: all filters together have 100200 characters; at most 100000");
    }

    @ParameterizedTest
    @EnumSource(FleetKind.class)
    void the_defaults_give_no_cause_for_anything(FleetKind kind) {
        assertThat(PolicyReview.contradictions(DefaultPolicies.of(kind))).isEmpty();
        assertThat(PolicyReview.warnings(DefaultPolicies.of(kind))).isEmpty();
    }

    @Test
    void each_filter_is_compared_with_each_only_up_to_a_number_and_that_is_said() {
        assertThat(warnings(rules(999, "a/7"))).singleElement().asString().contains("rules[20]", "it can go");
        assertThat(warnings(rules(1_000, "%c")))
                .hasSize(2)
                .satisfies(said -> assertThat(said.get(0)).contains("1001 filters are too many"))
                .satisfies(said -> assertThat(said.get(1)).contains("%c"));
    }

    /** So many different filters, at most fifty in a rule, and one in a rule of its own. */
    private static Rule[] rules(int count, String last) {
        var rules = new ArrayList<Rule>();
        for (int from = 0; from < count; from += 50) {
            var filters = IntStream.range(from, Math.min(count, from + 50))
                    .mapToObj(i -> "a/" + i)
                    .toList();
            rules.add(new Rule(filters, List.of(), 2, Retain.ANY, Shared.ANY));
        }
        rules.add(Rule.publishing(last));
        return rules.toArray(Rule[]::new);
    }

    @ParameterizedTest
    @CsvSource({
        "a/#,            a,                 true",
        "a/#,            a/${device}/b,     true",
        "a/+/b,          a/${attr.site}/b,  true",
        "+/b,            ${fleet}/b,        true",
        "a/${device},    a/${device},       true",
        "/+/#,           /#,                true",
        "#,              +/#,               true",
        "a/${device},    a/${fleet},        false",
        "a/${device},    a/d-1,             false",
        "a/d-1,          a/${device},       false",
        "a/+,            a/#,               false",
        "a/+,            a,                 false",
        "#,              $SYS/a,            false",
        "+/a,            $SYS/a,            false",
        "a,              a/,                false"
    })
    void a_rule_that_another_covers_is_said_to_be_superfluous(String wide, String narrow, boolean covered) {
        var said = List.of("rules[1]: allows nothing that rule 1 does not allow; it can go");

        assertThat(warnings(Rule.subscribing(wide), Rule.subscribing(narrow, narrow))
                        .equals(said))
                .isEqualTo(covered);
    }

    @Test
    void the_rule_that_is_named_is_one_that_stays() {
        assertThat(warnings(Rule.subscribing("a/b", "a/b"), Rule.subscribing("a/+"), Rule.subscribing("a/#")))
                .containsExactly(
                        "rules[0]: allows nothing that rule 3 does not allow; it can go",
                        "rules[1]: allows nothing that rule 3 does not allow; it can go");
    }

    @Test
    void of_two_that_are_alike_the_second_is_superfluous() {
        assertThat(warnings(Rule.publishing("a", "b", "a"), Rule.publishing("b")))
                .containsExactly(
                        "rules[0].publish[2]: \"a\": allows nothing that \"a\" of rule 1 does not allow; it can go",
                        "rules[1]: allows nothing that rule 1 does not allow; it can go");
    }

    @Test
    void what_the_wider_filter_may_not_is_not_covered() {
        var narrow = new Rule(List.of("a/b"), List.of("a/b"), 2, Retain.ANY, Shared.ANY);

        for (var wide : List.of(
                new Rule(List.of("a/#"), List.of("a/#"), 1, Retain.ANY, Shared.ANY),
                new Rule(List.of("a/#"), List.of("a/#"), 2, Retain.NEVER, Shared.ONLY))) {
            assertThat(warnings(narrow, wide)).isEmpty();
        }
        assertThat(warnings(Rule.publishing("a/b"), Rule.subscribing("a/#"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"%c", "%u", "{device}", "<site>", "$device", "$(clientid)", "$attr.site"})
    void what_looks_like_a_variable_and_is_none_is_pointed_out(String level) {
        assertThat(warnings(Rule.subscribing("devices/" + level + "/x")))
                .singleElement()
                .asString()
                .startsWith("rules[0].subscribe[0]: ")
                .contains(level + " is taken as it stands");
    }

    @ParameterizedTest
    @ValueSource(strings = {"$SYS/#", "a/$b", "100%", "a-b/${device}", "%"})
    void plain_words_are_not_taken_for_variables(String filter) {
        assertThat(warnings(Rule.subscribing(filter))).isEmpty();
    }

    @Test
    void all_that_is_wrong_is_said_at_once_with_value_and_pointer() {
        var document = Map.of(
                "rules",
                List.of(
                        Map.of("publish", List.of("ok", "a/#/b", "\u001b[31m${x}")),
                        Map.of("publish", List.of("a"), "qosMax", 7),
                        "x"));

        assertThatExceptionOfType(PolicyException.class)
                .isThrownBy(() -> PolicyDocument.read(document))
                .satisfies(e -> {
                    assertThat(e.findings())
                            .extracting(Finding::pointer)
                            .containsExactly(
                                    "#/rules/0/publish/1", "#/rules/0/publish/2", "#/rules/1/qosMax", "#/rules/2");
                    assertThat(e.findings()).extracting(Finding::value).containsExactly("a/#/b", "?[31m${x}", "7", "");
                });
    }
}
