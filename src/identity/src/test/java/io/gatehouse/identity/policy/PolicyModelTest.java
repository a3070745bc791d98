package io.gatehouse.identity.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * Random policies, topics and filters against the model that tries every topic of a small world. Each failure names its seed; many
 * more seeds with {@code -Dgatehouse.long=true}.
 */
class PolicyModelTest {
    private static final boolean LONG = Boolean.getBoolean("gatehouse.long");
    private static final int POLICIES = LONG ? 60_000 : 600;
    private static final int TEXTS = LONG ? 20_000_000 : 200_000;
    private static final int QUESTIONS = 40;

    private final BruteForce world = new BruteForce();

    private static LongStream seeds() {
        return LongStream.range(0, POLICIES);
    }

    @Test
    void takes_for_a_name_or_filter_what_the_grammar_does() {
        var generated = new Generated(1);
        int filters = 0;
        for (int i = 0; i < TEXTS; i++) {
            String text = generated.text();
            if (Topics.validFilter(text) != BruteForce.isFilter(text)
                    || Topics.validName(text) != BruteForce.isName(text)) {
                fail("\"%s\": a filter by the grammar: %s", text, BruteForce.isFilter(text));
            }
            filters += BruteForce.isFilter(text) ? 1 : 0;
        }
        assertThat(filters).isBetween(TEXTS / 10, TEXTS * 9 / 10);
    }

    @Test
    void matches_and_contains_as_every_topic_of_the_world_says() {
        var generated = new Generated(2);
        int contained = 0;
        for (int i = 0; i < POLICIES * QUESTIONS; i++) {
            String outer = generated.filter();
            String inner = generated.filter();
            int topic = generated.random().nextInt(world.topics.size());
            boolean expected = world.contains(outer, inner);
            if (Topics.contains(outer, inner) != expected) {
                fail("%s contains %s: %s by the model", outer, inner, expected);
            }
            if (Topics.matches(outer, world.topics.get(topic))
                    != world.matched(outer).get(topic)) {
                fail("%s matches %s: not as the model", outer, world.topics.get(topic));
            }
            contained += expected ? 1 : 0;
        }
        assertThat(contained).isGreaterThan(POLICIES);
    }

    @Test
    void decides_each_publish_as_the_model() {
        seeds().forEach(seed -> {
            var generated = new Generated(seed);
            var policy = generated.policy();
            var subject = generated.subject();
            var compiled = CompiledPolicy.of(policy);
            for (int i = 0; i < QUESTIONS; i++) {
                int topic = generated.random().nextInt(world.topics.size());
                int qos = generated.random().nextInt(3);
                boolean retain = generated.random().nextBoolean();
                var expected = policy.rules().stream()
                        .filter(rule -> qos <= rule.qosMax())
                        .filter(rule -> retain ? rule.retain() != Retain.NEVER : rule.retain() != Retain.ONLY)
                        .filter(rule -> resolved(rule.publish(), subject).stream()
                                .anyMatch(filter -> world.matched(filter).get(topic)))
                        .findFirst();
                String name = world.topics.get(topic);
                var answer = compiled.publish(subject, name, qos, retain);
                assertThat(answer)
                        .as("seed %d: %s publishes %s qos %d retain %s: %s", seed, subject, name, qos, retain, policy)
                        .isEqualTo(expected);
                if (answer.isPresent()) {
                    assertThat(compiled.publishFilters(subject))
                            .as("seed %d: the coarse filters for %s", seed, name)
                            .anyMatch(filter -> world.matched(filter).get(topic));
                }
            }
        });
    }

    @Test
    void decides_each_subscription_as_the_model() {
        seeds().forEach(seed -> {
            var generated = new Generated(seed);
            var policy = generated.policy();
            var subject = generated.subject();
            var compiled = CompiledPolicy.of(policy);
            for (int i = 0; i < QUESTIONS; i++) {
                String wanted = generated.request();
                int qos = generated.random().nextInt(3);
                boolean shared = wanted.startsWith("$share/");
                Optional<Rule> expected = !BruteForce.isFilter(wanted)
                        ? Optional.empty()
                        : policy.rules().stream()
                                .filter(rule -> qos <= rule.qosMax())
                                .filter(rule -> shared ? rule.shared() != Shared.NEVER : rule.shared() != Shared.ONLY)
                                .filter(rule -> resolved(rule.subscribe(), subject).stream()
                                        .anyMatch(filter -> world.contains(filter, inner(wanted))))
                                .findFirst();
                assertThat(compiled.subscribe(subject, wanted, qos))
                        .as("seed %d: %s subscribes to %s qos %d: %s", seed, subject, wanted, qos, policy)
                        .isEqualTo(expected);
            }
        });
    }

    @Test
    void takes_away_what_is_superfluous_without_changing_a_decision() {
        int changed = 0;
        for (long seed = 0; seed < POLICIES; seed++) {
            var generated = new Generated(seed);
            var policy = generated.policy();
            var lean = lean(policy);
            var subject = generated.subject();
            changed += lean.equals(policy) ? 0 : 1;
            for (int i = 0; i < QUESTIONS; i++) {
                String topic = generated.pick(world.topics);
                String filter = generated.request();
                int qos = generated.random().nextInt(3);
                boolean retain = generated.random().nextBoolean();
                assertThat(CompiledPolicy.of(lean)
                                .publish(subject, topic, qos, retain)
                                .isPresent())
                        .as("seed %d: %s publishes %s: %s instead of %s", seed, subject, topic, lean, policy)
                        .isEqualTo(CompiledPolicy.of(policy)
                                .publish(subject, topic, qos, retain)
                                .isPresent());
                assertThat(CompiledPolicy.of(lean)
                                .subscribe(subject, filter, qos)
                                .isPresent())
                        .as("seed %d: %s subscribes to %s: %s instead of %s", seed, subject, filter, lean, policy)
                        .isEqualTo(CompiledPolicy.of(policy)
                                .subscribe(subject, filter, qos)
                                .isPresent());
            }
        }
        assertThat(changed).isGreaterThan(POLICIES / 10);
    }

    /** Without all that the review calls superfluous, and then nothing more is. */
    private static Policy lean(Policy policy) {
        var places = PolicyReview.warnings(policy).stream().map(Finding::path).toList();
        var rules = new ArrayList<Rule>();
        for (int i = 0; i < policy.rules().size(); i++) {
            var rule = policy.rules().get(i);
            String path = "rules[" + i + "]";
            if (!places.contains(path)) {
                rules.add(new Rule(
                        without(places, path + ".publish", rule.publish()),
                        without(places, path + ".subscribe", rule.subscribe()),
                        rule.qosMax(),
                        rule.retain(),
                        rule.shared()));
            }
        }
        var lean = new Policy(rules);
        assertThat(PolicyReview.warnings(lean)).isEmpty();
        return lean;
    }

    private static List<String> without(List<String> places, String member, List<String> filters) {
        return IntStream.range(0, filters.size())
                .filter(i -> !places.contains(member + "[" + i + "]"))
                .mapToObj(filters::get)
                .toList();
    }

    @Test
    void explains_what_it_decides() {
        seeds().forEach(seed -> {
            var generated = new Generated(seed);
            var policy = generated.policy();
            var subject = generated.subject();
            var compiled = CompiledPolicy.of(policy);
            for (int i = 0; i < QUESTIONS; i++) {
                String wanted = generated.request();
                int qos = generated.random().nextInt(3);
                boolean retain = generated.random().nextBoolean();
                check(
                        Explanation.ofSubscribe(policy, subject, wanted, qos),
                        compiled.subscribe(subject, wanted, qos),
                        policy);
                check(
                        Explanation.ofPublish(policy, subject, wanted, qos, Optional.of(retain)),
                        compiled.publish(subject, wanted, qos, retain),
                        policy);
            }
        });
    }

    private static void check(Explanation explanation, Optional<Rule> rule, Policy policy) {
        assertThat(explanation.rule())
                .isEqualTo(rule.map(policy.rules()::indexOf).orElse(-1) + 1);
        assertThat(explanation.whyNot().isEmpty()).isEqualTo(rule.isPresent());
    }

    @Test
    void reads_back_every_policy_that_it_writes() {
        seeds().forEach(seed -> {
            var policy = new Generated(seed).policy();
            assertThat(PolicyDocument.read(PolicyDocument.write(policy)))
                    .as("seed %d", seed)
                    .isEqualTo(policy);
        });
    }

    private static String inner(String wanted) {
        return wanted.startsWith("$share/") ? wanted.substring(wanted.indexOf('/', 7) + 1) : wanted;
    }

    /** The filters with the subject's values in them; one with a variable that has no value that is a level is left out. */
    private static List<String> resolved(List<String> filters, PolicySubject subject) {
        return filters.stream()
                .map(filter -> filter.replace("${device}", subject.device().value())
                        .replace("${fleet}", subject.fleet().value())
                        .replace("${attr.site}", level(subject, "site"))
                        .replace("${attr.hall}", level(subject, "hall")))
                .filter(filter -> !filter.contains("!"))
                .toList();
    }

    private static String level(PolicySubject subject, String name) {
        String value = subject.attributes().getOrDefault(name, "");
        return value.matches("[ab]") ? value : "!";
    }
}
