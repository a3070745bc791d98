package io.gatehouse.enrollment.http;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A path with variables, such as {@code /api/v1/fleets/{fleet}/policy}. A variable is one whole segment, or at the end, written
 * {@code {name...}}, all that is left. Immutable. */
public record PathTemplate(String text) {
    private static final String REST = "...}";

    public PathTemplate {
        if (!text.startsWith("/")) {
            throw new IllegalArgumentException("a path template begins with a slash: " + text);
        }
    }

    /** The values of the variables when the segments fit, or nothing. */
    Optional<Map<String, String>> match(List<String> segments) {
        var parts = List.of(text.substring(1).split("/", -1));
        if (parts.size() != segments.size()) {
            return Optional.empty();
        }
        var values = new HashMap<String, String>();
        for (int i = 0; i < parts.size(); i++) {
            var part = parts.get(i);
            if (part.startsWith("{")) {
                values.put(part.substring(1, part.length() - 1), segments.get(i));
            } else if (!part.equals(segments.get(i))) {
                return Optional.empty();
            }
        }
        return Optional.of(Map.copyOf(values));
    }

    /** What comes before a variable that takes all the rest, when the template ends in one; with its slash. */
    Optional<String> beforeRest() {
        return text.endsWith(REST) ? Optional.of(text.substring(0, text.lastIndexOf('{'))) : Optional.empty();
    }

    /** The name of the variable that takes all the rest. */
    String rest() {
        return text.substring(text.lastIndexOf('{') + 1, text.length() - REST.length());
    }

    @Override
    public String toString() {
        return text;
    }
}
