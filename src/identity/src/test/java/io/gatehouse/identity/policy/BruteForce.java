package io.gatehouse.identity.policy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What MQTT 5 section 4.7 says about matching, as a regular expression, and containment by trying every topic of a small world. The
 * world has a level that no filter names, and is deeper than every filter, so that it has a counter-example whenever there is one.
 */
final class BruteForce {
    static final List<String> NAMED_LEVELS = List.of("a", "b", "$s", "");

    private static final List<String> LEVELS = List.of("a", "b", "$s", "", "other");
    private static final int DEPTH = 5;
    private static final Pattern SHARED = Pattern.compile("\\$share/[^/+#]+/(.+)", Pattern.DOTALL);

    final List<String> topics = topics();
    private final Map<String, BitSet> matched = new HashMap<>();

    private static Pattern regex(String filter) {
        var regex = new StringBuilder();
        String[] levels = filter.split("/", -1);
        for (int i = 0; i < levels.length; i++) {
            String before = i == 0 ? "" : "/";
            if (levels[i].equals("#")) {
                regex.append(i == 0 ? "(?!\\$).*" : "(/.*)?");
            } else if (levels[i].equals("+")) {
                regex.append(before).append(i == 0 ? "(?!\\$)" : "").append("[^/]*");
            } else {
                regex.append(before).append(Pattern.quote(levels[i]));
            }
        }
        return Pattern.compile(regex.toString(), Pattern.DOTALL);
    }

    /** Which topics of the world the filter matches, by their index. */
    BitSet matched(String filter) {
        return matched.computeIfAbsent(filter, f -> {
            var bits = new BitSet(topics.size());
            var regex = regex(f);
            for (int i = 0; i < topics.size(); i++) {
                bits.set(i, regex.matcher(topics.get(i)).matches());
            }
            return bits;
        });
    }

    boolean contains(String filter, String narrower) {
        var counterExamples = (BitSet) matched(narrower).clone();
        counterExamples.andNot(matched(filter));
        return counterExamples.isEmpty();
    }

    /** Whether the text is a filter that can be asked for: the grammar of section 4.7, level by level, and of 4.8.2 before it. */
    static boolean isFilter(String text) {
        if (!isText(text)) {
            return false;
        }
        String filter = text;
        if (text.startsWith("$share/")) {
            var shared = SHARED.matcher(text);
            if (!shared.matches()) {
                return false;
            }
            filter = shared.group(1);
        }
        var levels = List.of(filter.split("/", -1));
        for (int i = 0; i < levels.size(); i++) {
            String level = levels.get(i);
            boolean plain = !level.contains("+") && !level.contains("#");
            if (!plain && !level.equals("+") && !(level.equals("#") && i + 1 == levels.size())) {
                return false;
            }
        }
        return true;
    }

    /** Whether the text can be published to. */
    static boolean isName(String text) {
        return isText(text) && !text.contains("+") && !text.contains("#");
    }

    /** Section 1.5.4: what UTF-8 can carry there and back, without NUL. */
    private static boolean isText(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        return utf8.length > 0
                && utf8.length <= 65_535
                && new String(utf8, StandardCharsets.UTF_8).equals(text)
                && text.indexOf(0) < 0;
    }

    /** Every filter of up to three levels over the named levels and the wildcards. */
    static List<String> filters() {
        var filters = new ArrayList<String>();
        var inner = new ArrayList<>(NAMED_LEVELS);
        inner.add("+");
        List<String> prefixes = List.of();
        for (int depth = 1; depth <= 3; depth++) {
            var longer = new ArrayList<String>();
            for (String prefix : depth == 1 ? List.of("") : prefixes) {
                String start = depth == 1 ? "" : prefix + "/";
                inner.forEach(level -> longer.add(start + level));
                filters.add(start + "#");
            }
            filters.addAll(longer);
            prefixes = longer;
        }
        filters.remove("");
        return filters;
    }

    private static List<String> topics() {
        var topics = new ArrayList<String>();
        List<String> prefixes = LEVELS;
        for (int depth = 1; depth <= DEPTH; depth++) {
            topics.addAll(prefixes);
            prefixes = prefixes.stream()
                    .flatMap(prefix -> LEVELS.stream().map(level -> prefix + "/" + level))
                    .toList();
        }
        topics.remove("");
        return topics;
    }
}
