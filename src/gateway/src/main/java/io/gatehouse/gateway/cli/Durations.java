package io.gatehouse.gateway.cli;

import java.util.regex.Pattern;

/** Durations as people write them. */
final class Durations {
    private static final Pattern SHORT = Pattern.compile("([0-9]{1,9})([smhd])");

    private Durations() {}

    /** {@code 6h} as {@code PT6H}; what is not of that form is taken as ISO 8601 already, which the service judges. */
    static String iso(String text) {
        var match = SHORT.matcher(text);
        if (!match.matches()) {
            return text;
        }
        return switch (match.group(2)) {
            case "d" -> "P" + match.group(1) + "D";
            case "h" -> "PT" + match.group(1) + "H";
            case "m" -> "PT" + match.group(1) + "M";
            default -> "PT" + match.group(1) + "S";
        };
    }
}
