package io.gatehouse.identity.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.FleetKind;
import io.gatehouse.identity.FleetName;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CompiledPolicyTest {
    private static final PolicySubject DEVICE =
            new PolicySubject(DeviceId.of("d-1"), FleetName.of("pumps"), Map.of("site", "oslo"));

    @ParameterizedTest
    @CsvSource({
        "devices/d-1/telemetry,       true",
        "devices/d-1/telemetry/t/x,   true",
        "devices/d-1/telemetry/,      true",
        "devices/d-1/commands/x,      false",
        "devices/d-2/telemetry/t,     false",
        "devices/D-1/telemetry/t,     false",
        "devices/d-1/telemetryX,      false",
        "devices//telemetry/t,        false",
        "devices/${device}/telemetry, false",
        "devices/+/telemetry,         false"
    })
    void a_device_publishes_only_its_own_telemetry_by_default(String topic, boolean allowed) {
        var policy = CompiledPolicy.of(DefaultPolicies.of(FleetKind.DEVICE));

        assertThat(policy.publish(DEVICE, topic, 1, false).isPresent()).isEqualTo(allowed);
    }

    @ParameterizedTest
    @CsvSource({
        "devices/d-1/commands/#,             true",
        "devices/d-1/commands/+,             true",
        "devices/d-1/commands,               true",
        "$share/workers/devices/d-1/commands/#, true",
        "devices/+/commands/#,               false",
        "devices/d-1/#,                      false",
        "devices/#,                          false",
        "#,                                  false",
        "$share/g/#,                         false",
        "$SYS/#,                             false"
    })
    void a_device_subscribes_only_to_its_own_commands_by_default(String filter, boolean allowed) {
        var policy = CompiledPolicy.of(DefaultPolicies.of(FleetKind.DEVICE));

        assertThat(policy.subscribe(DEVICE, filter, 1).isPresent()).isEqualTo(allowed);
    }

    @Test
    void an_application_may_nothing_by_default() {
        var policy = CompiledPolicy.of(DefaultPolicies.of(FleetKind.APPLICATION));

        assertThat(policy.publish(DEVICE, "a", 0, false)).isEmpty();
        assertThat(policy.subscribe(DEVICE, "a", 0)).isEmpty();
        assertThat(policy.publishFilters(DEVICE)).isEmpty();
    }

    @Test
    void a_plus_at_the_end_does_not_grant_what_lies_below() {
        var policy = CompiledPolicy.of(Policy.of(Rule.subscribing("t/+")));

        assertThat(policy.subscribe(DEVICE, "t/#", 0)).isEmpty();
        assertThat(policy.subscribe(DEVICE, "t/+/+", 0)).isEmpty();
        assertThat(policy.subscribe(DEVICE, "t/+", 0)).isPresent();
    }

    @Test
    void two_rules_together_grant_no_more_than_each() {
        var policy = CompiledPolicy.of(Policy.of(Rule.subscribing("a"), Rule.subscribing("a/+/#")));

        assertThat(policy.subscribe(DEVICE, "a/#", 0)).isEmpty();
    }

    @Test
    void a_wildcard_never_grants_topics_that_begin_with_a_dollar() {
        var all = CompiledPolicy.of(Policy.of(Rule.subscribing("#", "+/+")));

        assertThat(all.subscribe(DEVICE, "#", 0)).isPresent();
        assertThat(all.subscribe(DEVICE, "+/#", 0)).isPresent();
        assertThat(all.subscribe(DEVICE, "$SYS/#", 0)).isEmpty();
        assertThat(all.subscribe(DEVICE, "$SYS/a", 0)).isEmpty();
        assertThat(all.subscribe(DEVICE, "$share/g/$SYS/#", 0)).isEmpty();

        var system = CompiledPolicy.of(Policy.of(Rule.subscribing("$SYS/#")));
        assertThat(system.subscribe(DEVICE, "$SYS/a", 0)).isPresent();
    }

    @Test
    void shared_subscriptions_follow_the_rule() {
        var never = CompiledPolicy.of(Policy.of(new Rule(List.of(), List.of("a/#"), 2, Retain.ANY, Shared.NEVER)));
        var only = CompiledPolicy.of(Policy.of(new Rule(List.of(), List.of("a/#"), 2, Retain.ANY, Shared.ONLY)));

        assertThat(never.subscribe(DEVICE, "a/b", 0)).isPresent();
        assertThat(never.subscribe(DEVICE, "$share/g/a/b", 0)).isEmpty();
        assertThat(only.subscribe(DEVICE, "a/b", 0)).isEmpty();
        assertThat(only.subscribe(DEVICE, "$share/g/a/b", 0)).isPresent();
        assertThat(only.subscribe(DEVICE, "$share/+/a/b", 0)).isEmpty();
    }

    @Test
    void qos_and_retain_follow_the_rule() {
        var policy = CompiledPolicy.of(Policy.of(
                new Rule(List.of("q"), List.of("q"), 1, Retain.ANY, Shared.ANY),
                new Rule(List.of("kept"), List.of(), 2, Retain.ONLY, Shared.ANY),
                new Rule(List.of("fleeting"), List.of(), 2, Retain.NEVER, Shared.ANY)));

        assertThat(policy.publish(DEVICE, "q", 1, true)).isPresent();
        assertThat(policy.publish(DEVICE, "q", 2, false)).isEmpty();
        assertThat(policy.subscribe(DEVICE, "q", 2)).isEmpty();
        assertThat(policy.publish(DEVICE, "kept", 0, true)).isPresent();
        assertThat(policy.publish(DEVICE, "kept", 0, false)).isEmpty();
        assertThat(policy.publish(DEVICE, "fleeting", 0, true)).isEmpty();
        assertThat(policy.publish(DEVICE, "fleeting", 0, false)).isPresent();
    }

    @Test
    void variables_stand_for_the_subject_and_nothing_without_a_value() {
        var policy = CompiledPolicy.of(
                Policy.of(Rule.publishing("sites/${attr.site}/${fleet}/${device}", "halls/${attr.hall}/#", "fixed")));
        var nowhere = new PolicySubject(DEVICE.device(), DEVICE.fleet(), Map.of());

        assertThat(policy.publish(DEVICE, "sites/oslo/pumps/d-1", 0, false)).isPresent();
        assertThat(policy.publish(DEVICE, "halls/x", 0, false)).isEmpty();
        assertThat(policy.publish(nowhere, "sites//pumps/d-1", 0, false)).isEmpty();
        assertThat(policy.publishFilters(DEVICE)).containsExactly("sites/oslo/pumps/d-1", "fixed");
        assertThat(policy.publishFilters(nowhere)).containsExactly("fixed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "+", "#", "a/b", "oslo/#", "$SYS", "a\nb", "a\0"})
    void an_attribute_that_is_no_plain_level_grants_nothing(String value) {
        var policy = CompiledPolicy.of(
                Policy.of(new Rule(List.of("s/${attr.site}"), List.of("s/${attr.site}"), 2, Retain.ANY, Shared.ANY)));
        var subject = new PolicySubject(DEVICE.device(), DEVICE.fleet(), Map.of("site", value));

        assertThat(policy.publish(subject, "s/" + value, 0, false)).isEmpty();
        assertThat(policy.subscribe(subject, "s/" + value, 0)).isEmpty();
        assertThat(policy.publishFilters(subject)).isEmpty();
    }

    @Test
    void malformed_topics_and_filters_are_refused_by_every_policy() {
        var all = CompiledPolicy.of(Policy.of(new Rule(List.of("#"), List.of("#"), 2, Retain.ANY, Shared.ANY)));

        for (String bad : List.of("", "a\0", "\ud800", "a".repeat(65_536))) {
            assertThat(all.publish(DEVICE, bad, 0, false)).isEmpty();
            assertThat(all.subscribe(DEVICE, bad, 0)).isEmpty();
        }
        assertThat(all.publish(DEVICE, "a/+", 0, false)).isEmpty();
        assertThat(all.subscribe(DEVICE, "a/#/b", 0)).isEmpty();
    }

    @Test
    void explains_by_the_first_rule_that_allows() {
        var broad = Rule.publishing("devices/#");
        var narrow = Rule.publishing("devices/${device}/telemetry");
        var policy = CompiledPolicy.of(Policy.of(narrow, broad));

        assertThat(policy.publish(DEVICE, "devices/d-1/telemetry", 0, false)).containsSame(narrow);
        assertThat(policy.publish(DEVICE, "devices/d-1/other", 0, false)).containsSame(broad);
    }
}
