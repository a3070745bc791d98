package io.gatehouse.identity.policy;

import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.FleetName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Policies, subjects and requests of one seed, from so few words that they meet often: the values of the variables are literals of
 * other filters. Filters have at most four levels, one fewer than the topics of {@link BruteForce}.
 */
final class Generated {
    private static final int MOST_LEVELS = 4;

    private static final List<String> WORDS = List.of("a", "b", "$s", "", "+", "#");
    private static final List<String> VARIABLES = List.of("${device}", "${fleet}", "${attr.site}", "${attr.hall}");
    private static final List<String> SCRAPS =
            List.of("a", "b", "/", "/", "+", "#", "$", "$share/", "$s", "{", "}", "\0", "\u00e9", "\ud83d", "\ude00");

    private final Random random;

    Generated(long seed) {
        this.random = new Random(seed);
    }

    Random random() {
        return random;
    }

    /** A device whose id, fleet and attributes are levels of the world; each attribute is there, missing, or no level. */
    PolicySubject subject() {
        var attributes = new java.util.TreeMap<String, String>();
        for (String name : List.of("site", "hall")) {
            String value = pick(List.of("", "a", "b", "missing", "+", "a/b"));
            if (!value.equals("missing")) {
                attributes.put(name, value);
            }
        }
        return new PolicySubject(
                DeviceId.of(pick(List.of("a", "b"))), FleetName.of(pick(List.of("a", "b"))), Map.copyOf(attributes));
    }

    Policy policy() {
        var rules = new ArrayList<Rule>();
        for (int i = random.nextInt(4); i >= 0; i--) {
            rules.add(rule());
        }
        return new Policy(rules);
    }

    private Rule rule() {
        var publish = new ArrayList<String>();
        var subscribe = new ArrayList<String>();
        for (int i = random.nextInt(3); i > 0; i--) {
            String filter = template();
            if (!filter.startsWith("$s")) {
                publish.add(filter);
            }
        }
        for (int i = random.nextInt(3); i > 0 || (publish.isEmpty() && subscribe.isEmpty()); i--) {
            subscribe.add(template());
        }
        return new Rule(
                publish, subscribe, random.nextInt(3), pick(List.of(Retain.values())), pick(List.of(Shared.values())));
    }

    /** A filter of a rule, with and without variables. */
    private String template() {
        var words = new ArrayList<>(WORDS);
        words.addAll(VARIABLES);
        return levels(words);
    }

    /** A filter that a client may ask for, not shared. */
    String filter() {
        return levels(WORDS);
    }

    /** A filter of the world or something like it, shared or not. */
    String request() {
        return switch (random.nextInt(8)) {
            case 0 -> "$share/g/" + filter();
            case 1 -> "$share/a/" + filter();
            case 2 -> "$share/" + filter();
            case 3 -> "#/" + filter();
            case 4 -> filter() + pick(List.of("#", "+", "\0"));
            default -> filter();
        };
    }

    /** Anything: valid and not. */
    String text() {
        var text = new StringBuilder();
        for (int i = random.nextInt(6); i >= 0; i--) {
            text.append(pick(SCRAPS));
        }
        return text.toString();
    }

    private String levels(List<String> words) {
        var levels = new ArrayList<String>();
        int wanted = 1 + random.nextInt(MOST_LEVELS);
        while (levels.size() < wanted && !levels.contains("#")) {
            levels.add(pick(words));
        }
        String text = String.join("/", levels);
        return text.isEmpty() ? "+" : text;
    }

    <T> T pick(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }
}
