package io.gatehouse.identity.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.FleetName;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ExplanationTest {
    private static final PolicySubject DEVICE = new PolicySubject(DeviceId.of("d-1"), FleetName.of("pumps"), Map.of());

    private static final Policy POLICY = Policy.of(
            new Rule(List.of("devices/${device}/telemetry/#"), List.of(), 1, Retain.NEVER, Shared.ANY),
            new Rule(
                    List.of("sites/${attr.site}/log"),
                    List.of("sites/${attr.site}/alerts", "devices/${device}/commands/#"),
                    2,
                    Retain.ONLY,
                    Shared.NEVER));

    private static List<String> whyNotPublish(String topic, int qos, Boolean retain) {
        return Explanation.ofPublish(POLICY, DEVICE, topic, qos, Optional.ofNullable(retain))
                .whyNot();
    }

    private static List<String> whyNotSubscribe(String filter, int qos) {
        return Explanation.ofSubscribe(POLICY, DEVICE, filter, qos).whyNot();
    }

    @Test
    void names_the_first_rule_that_allows_by_its_number() {
        assertThat(Explanation.ofPublish(POLICY, DEVICE, "devices/d-1/telemetry/x", 1, Optional.of(false)))
                .isEqualTo(new Explanation(1, List.of()));
        assertThat(Explanation.ofSubscribe(POLICY, DEVICE, "devices/d-1/commands/#", 2))
                .isEqualTo(new Explanation(2, List.of()));
    }

    @Test
    void says_what_the_limits_of_a_rule_forbid() {
        assertThat(whyNotPublish("devices/d-1/telemetry/x", 2, true))
                .containsExactly(
                        "rule 1 would allow it by \"devices/${device}/telemetry/#\", but QoS 2 is above its qosMax 1, "
                                + "and it allows no retained messages");
        assertThat(whyNotSubscribe("$share/g/devices/d-1/commands/x", 0))
                .containsExactly("rule 2 would allow it by \"devices/${device}/commands/#\", but it allows no shared "
                        + "subscriptions");
    }

    @Test
    void says_which_variable_has_no_value_or_another_one() {
        assertThat(whyNotPublish("sites/oslo/log", 0, null))
                .containsExactly("rule 2 would allow it by \"sites/${attr.site}/log\", but attr.site has no value");
        assertThat(whyNotSubscribe("devices/d-2/commands/x", 0))
                .containsExactly("rule 2 would allow it by \"devices/${device}/commands/#\", but device is d-1");
    }

    @Test
    void says_which_part_of_a_subscription_is_allowed() {
        assertThat(whyNotSubscribe("devices/+/commands/#", 0))
                .containsExactly("rule 2 allows only a part of it: \"devices/d-1/commands/#\"");
    }

    @Test
    void says_that_nothing_comes_near() {
        assertThat(whyNotPublish("other", 0, null)).containsExactly("no rule has a filter like it");
        assertThat(whyNotPublish("devices/d-1/commands/x", 0, null)).containsExactly("no rule has a filter like it");
        assertThat(whyNotPublish("$SYS/x", 0, null)).singleElement().asString().contains("begins with $");
        assertThat(whyNotPublish("a/#", 0, null)).singleElement().asString().contains("not a topic name");
        assertThat(whyNotSubscribe("a/#/b", 0)).singleElement().asString().contains("not a topic filter");
        assertThat(whyNotSubscribe("$SYS/#", 0)).singleElement().asString().contains("begins with a wildcard");
        assertThat(Explanation.ofSubscribe(Policy.NONE, DEVICE, "a", 0).whyNot())
                .containsExactly("the fleet has no rules");
    }
}
