package io.gatehouse.identity.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PolicyDocumentTest {
    @Test
    void reads_what_it_writes() {
        var policy = Policy.of(
                Rule.publishing("devices/${device}/telemetry/#"),
                new Rule(
                        List.of("a"),
                        List.of("sites/${attr.site}/+/x", "fleets/${fleet}/#", "$SYS/broker"),
                        0,
                        Retain.NEVER,
                        Shared.ONLY));

        assertThat(PolicyDocument.read(PolicyDocument.write(policy))).isEqualTo(policy);
        assertThat(PolicyDocument.read(Map.of("rules", List.of()))).isEqualTo(Policy.NONE);
    }

    @Test
    void leaves_defaults_out() {
        assertThat(PolicyDocument.write(Policy.of(Rule.subscribing("a"))))
                .isEqualTo(Map.of("rules", List.of(Map.of("subscribe", List.of("a")))));
    }

    static List<Object[]> wrong() {
        return List.of(
                wrong("rules", "list", Map.of()),
                wrong("rules", "list", Map.of("rules", "x")),
                wrong("rule", "unknown", Map.of("rule", List.of())),
                wrong("rules[0]", "object", Map.of("rules", List.of("x"))),
                wrong("rules", "at most 64", Map.of("rules", Collections.nCopies(65, rule("publish", List.of("a"))))),
                inRule("publish", "at least one", Map.of()),
                inRule("publish", "list", Map.of("publish", "a")),
                inRule("publish[1]", "topic filter", Map.of("publish", List.of("a", 1))),
                inRule("publish", "at most 64", Map.of("publish", Collections.nCopies(65, "a"))),
                inRule("qos-max", "unknown", Map.of("publish", List.of("a"), "qos-max", 1)),
                inRule("qosMax", "\"3\": must be 0, 1 or 2", Map.of("publish", List.of("a"), "qosMax", 3)),
                inRule("qosMax", "0, 1 or 2", Map.of("publish", List.of("a"), "qosMax", -1L)),
                inRule("qosMax", "0, 1 or 2", Map.of("publish", List.of("a"), "qosMax", 1.0)),
                inRule("qosMax", "0, 1 or 2", Map.of("publish", List.of("a"), "qosMax", "1")),
                inRule("retain", "any, only, never", Map.of("publish", List.of("a"), "retain", "ANY")),
                inRule("shared", "any, never, only", Map.of("subscribe", List.of("a"), "shared", true)),
                filter("", "a filter has 1 to 1024"),
                filter("a".repeat(1025), "a filter has 1 to 1024"),
                filter("a/".repeat(64) + "a", "65 levels; at most 64"),
                filter("a\u0000", "control"),
                filter("a\ud800", "Unicode"),
                filter("a/#/b", "last level"),
                filter("a/b#", "whole level"),
                filter("a+/b", "whole level"),
                filter("$share/g/a", "shared"),
                filter("${devices}", "no such variable"),
                filter("${attr.}", "no such variable"),
                filter("${attr.a/b}", "not closed"),
                filter("x-${device}", "whole level"),
                filter("${device}-x", "whole level"),
                filter("${device}${device}", "whole level"),
                filter("${device", "not closed"),
                filter("${devi+ce}", "a wildcard inside a variable"),
                filter("${attr.#}", "a wildcard inside a variable"),
                filter("${device}+", "a wildcard beside a variable"),
                filter("+${device}", "a wildcard beside a variable"),
                filter("${{clientid}}", "whole level"),
                inRule("publish[0]", "begins with $", Map.of("publish", List.of("$SYS/x"))));
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void names_the_member_that_is_wrong(String path, String problem, Map<String, ?> document) {
        assertThatExceptionOfType(PolicyException.class)
                .isThrownBy(() -> PolicyDocument.read(document))
                .satisfies(e -> assertThat(e.path()).isEqualTo(path))
                .withMessageContaining(problem)
                .withMessageStartingWith(path);
    }

    @Test
    void refuses_an_explicit_null() {
        var rule = new HashMap<String, Object>(Map.of("publish", List.of("a")));
        rule.put("qosMax", null);

        assertThatExceptionOfType(PolicyException.class)
                .isThrownBy(() -> PolicyDocument.read(Map.of("rules", List.of(rule))))
                .withMessageStartingWith("rules[0].qosMax: must not be null");
    }

    @Test
    void shows_a_strange_member_shortened_and_printable() {
        assertThatExceptionOfType(PolicyException.class)
                .isThrownBy(() -> PolicyDocument.read(Map.of("\u0007" + "x".repeat(500), 1)))
                .withMessageStartingWith("?xxx")
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(100));
    }

    private static Object[] filter(String filter, String problem) {
        return inRule("subscribe[1]", problem, Map.of("subscribe", List.of("fine", filter)));
    }

    private static Object[] inRule(String member, String problem, Map<String, ?> rule) {
        return wrong("rules[1]." + member, problem, Map.of("rules", List.of(rule("publish", List.of("ok")), rule)));
    }

    private static Map<String, Object> rule(String member, Object value) {
        return Map.of(member, value);
    }

    private static Object[] wrong(String path, String problem, Map<String, ?> document) {
        return new Object[] {path, problem, document};
    }
}
