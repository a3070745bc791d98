package io.gatehouse.identity.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TopicsTest {
    private final BruteForce world = new BruteForce();

    @Test
    void matches_exactly_what_the_standard_says_for_every_small_filter_and_topic() {
        for (String filter : BruteForce.filters()) {
            var expected = world.matched(filter);
            for (int i = 0; i < world.topics.size(); i++) {
                if (Topics.matches(filter, world.topics.get(i)) != expected.get(i)) {
                    fail("%s matches %s: %s by the standard", filter, world.topics.get(i), expected.get(i));
                }
            }
        }
    }

    @Test
    void contains_exactly_when_no_topic_is_a_counter_example() {
        int contained = 0;
        for (String outer : BruteForce.filters()) {
            for (String inner : BruteForce.filters()) {
                boolean expected = world.contains(outer, inner);
                assertThat(Topics.contains(outer, inner))
                        .as("%s contains %s", outer, inner)
                        .isEqualTo(expected);
                contained += expected ? 1 : 0;
            }
        }
        assertThat(contained).isGreaterThan(BruteForce.filters().size() * 2);
    }

    @ParameterizedTest
    @CsvSource({
        // HiveMQ's own permissions get these wrong, see facts/hivemq-ce.md section 0
        "t/+,       t/#,       false",
        "+,         #,         false",
        "k/+/s/+,   k/+/s/#,   false",
        "exact/t,   exact/t/,  false",
        "exact/t,   exact/t///,false",
        "#,         $SYS/#,    false",
        "#,         $SYS/a,    false",
        "+/a,       $SYS/a,    false",
        "#,         $share/g/#,false",
        // and these right
        "a/#,       a,         true",
        "a/#,       a//b,      true",
        "a/#,       a/+/c/#,   true",
        "a/+,       a/+,       true",
        "a/+,       a/b,       true",
        "a/+,       a,         false",
        "a/+,       a/b/c,     false",
        "a/b,       a/+,       false",
        "a/+/#,     a/#,       false",
        "+/#,       #,         true",
        "+/+/#,     /#,        true",
        "$SYS/#,    $SYS/+/x,  true",
        "a,         A,         false"
    })
    void a_filter_contains_another(String filter, String narrower, boolean contained) {
        assertThat(Topics.contains(filter, narrower)).isEqualTo(contained);
    }

    @ParameterizedTest
    @ValueSource(strings = {"#", "+", "a/+/b", "/", "a//b", "+/#", "$SYS/#", "$share/g/a/#", "$share/g//", "$queue/a"})
    void takes_valid_filters(String filter) {
        assertThat(Topics.validFilter(filter)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a#",
                "#/a",
                "a/#/b",
                "a+",
                "a/b+/c",
                "+a",
                "++",
                "a\0b",
                "\ud800",
                "\udc00a",
                "a\ud83d",
                "$share/",
                "$share/g",
                "$share/g/",
                "$share//a",
                "$share/+/a",
                "$share/g#/a",
                "$share/g/a/#/b"
            })
    void refuses_bad_filters(String filter) {
        assertThat(Topics.validFilter(filter)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a/+", "#", "a/b#", "a\0"})
    void refuses_bad_names(String topic) {
        assertThat(Topics.validName(topic)).isFalse();
    }

    @Test
    void counts_the_length_in_bytes_of_utf_8() {
        assertThat(Topics.validName("a".repeat(65_535))).isTrue();
        assertThat(Topics.validName("a".repeat(65_536))).isFalse();
        assertThat(Topics.validName("\u00e4".repeat(32_767))).isTrue();
        assertThat(Topics.validName("\u00e4".repeat(32_768))).isFalse();
        assertThat(Topics.validName("\u20ac".repeat(21_845))).isTrue();
        assertThat(Topics.validName("\u20ac".repeat(21_846))).isFalse();
        assertThat(Topics.validName("\ud83d\ude00".repeat(16_383))).isTrue();
        assertThat(Topics.validName("\ud83d\ude00".repeat(16_384))).isFalse();
    }

    @Test
    void finds_the_topics_of_a_shared_subscription() {
        assertThat(Topics.withoutShare("$share/g/a/#")).isEqualTo("a/#");
        assertThat(Topics.withoutShare("$share/g//a")).isEqualTo("/a");
        assertThat(Topics.withoutShare("a/#")).isEqualTo("a/#");
    }
}
