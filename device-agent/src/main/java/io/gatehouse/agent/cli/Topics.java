package io.gatehouse.agent.cli;

import io.gatehouse.agent.config.ConfigException;
import java.nio.charset.StandardCharsets;

/** What a person may give as topic or filter (MQTT 5, section 4.7); whether it is allowed the broker says. */
final class Topics {
    private static final int LONGEST = 65_535;

    private Topics() {}

    static void requireName(String topic) throws ConfigException {
        if (!isText(topic) || topic.contains("+") || topic.contains("#")) {
            throw new ConfigException("arguments", "TOPIC", topic, "1 to 65535 bytes without + # and NUL");
        }
    }

    static void requireFilter(String filter) throws ConfigException {
        if (!isText(filter)) {
            throw new ConfigException("arguments", "FILTER", filter, "1 to 65535 bytes without NUL");
        }
        var levels = filter.split("/", -1);
        for (var i = 0; i < levels.length; i++) {
            var level = levels[i];
            var hash = level.contains("#") && !(level.equals("#") && i == levels.length - 1);
            if (hash || (level.contains("+") && !level.equals("+"))) {
                throw new ConfigException("arguments", "FILTER", filter, "+ for a whole level, # for the last one");
            }
        }
    }

    private static boolean isText(String text) {
        return !text.isEmpty()
                && text.indexOf('\0') < 0
                && StandardCharsets.UTF_8.newEncoder().canEncode(text)
                && text.getBytes(StandardCharsets.UTF_8).length <= LONGEST;
    }
}
