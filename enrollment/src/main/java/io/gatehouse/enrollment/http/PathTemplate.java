package io.gatehouse.enrollment.http;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A path with variables, such as {@code /api/v1/fleets/{fleet}/policy}. A variable is one whole segment, or at the end, written
 * {@code {name...}}, all that is left. Immutable. */
public final class PathTemplate {
    private static final String REST = "...}";

    private final String text;
    private final List<String> parts;

    public PathTemplate(String text) {
        if (!text.startsWith("/")) {
            throw new IllegalArgumentException("a path template begins with a slash: " + text);
        }
        this.text = text;
        this.parts = List.of(text.substring(1).split("/", -1));
    }

    public String text() {
        return text;
    }

    /** The values of the variables when the segments fit, or nothing. */
    Optional<Map<String, String>> match(List<String> segments) {
        if (parts.size() != segments.size()) {
            return Optional.empty();
        }
        for (int i = 0; i < parts.size(); i++) {
            if (!isVariable(parts.get(i)) && !parts.get(i).equals(segments.get(i))) {
                return Optional.empty();
            }
        }
        var values = new HashMap<String, String>();
        for (int i = 0; i < parts.size(); i++) {
            var part = parts.get(i);
            if (isVariable(part)) {
                values.put(part.substring(1, part.length() - 1), segments.get(i));
            }
        }
        return Optional.of(Map.copyOf(values));
    }

    private static boolean isVariable(String part) {
        return part.startsWith("{");
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
