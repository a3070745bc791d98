package io.gatehouse.fuzz;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import io.gatehouse.identity.policy.Topics;

/** Matching against the standard's words, level by level, and containment against matching. */
final class TopicsTarget {
    private TopicsTarget() {}

    static void matching(FuzzedDataProvider data) {
        String filter = data.consumeString(60);
        String topic = data.consumeRemainingAsString();
        if (!Topics.validFilter(filter) || Topics.isShared(filter) || !Topics.validName(topic)) {
            return;
        }
        if (Topics.matches(filter, topic) != matches(filter.split("/", -1), topic.split("/", -1))) {
            throw new AssertionError(filter + " and " + topic);
        }
    }

    static void containment(FuzzedDataProvider data) {
        String wide = Topics.withoutShare(valid(data.consumeString(40)));
        String narrow = Topics.withoutShare(valid(data.consumeString(40)));
        String topic = data.consumeRemainingAsString();
        if (!Topics.contains(wide, wide)) {
            throw new AssertionError(wide + " does not contain itself");
        }
        if (Topics.validName(topic)
                && Topics.contains(wide, narrow)
                && Topics.matches(narrow, topic)
                && !Topics.matches(wide, topic)) {
            throw new AssertionError(wide + " contains " + narrow + ", which matches " + topic);
        }
    }

    private static String valid(String text) {
        return Topics.validFilter(text) ? text : "#";
    }

    /** MQTT 5, section 4.7. */
    private static boolean matches(String[] filter, String[] topic) {
        if (topic[0].startsWith("$") && (filter[0].equals("+") || filter[0].equals("#"))) {
            return false;
        }
        for (int i = 0; i < filter.length; i++) {
            if (filter[i].equals("#")) {
                return true;
            }
            if (i >= topic.length || !(filter[i].equals("+") || filter[i].equals(topic[i]))) {
                return false;
            }
        }
        return filter.length == topic.length;
    }
}
