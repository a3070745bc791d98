package io.gatehouse.enrollment.app.domain;

import io.gatehouse.identity.DeviceId;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which ids a fleet's claim may be used for: those that fit at least one of its patterns. A pattern fits an id as a whole, byte by
 * byte: {@code *} stands for any characters, also none, every other character for itself. Immutable and thread-safe.
 */
public record AllowedIds(List<String> patterns) {
    public static final int MOST = 32;
    /** What a pattern must look like, for error messages. */
    public static final String RULE =
            "1 to " + MOST + " patterns, each 1 to 64 of A-Z a-z 0-9 . _ - and *, first a letter," + " a digit or *";

    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9*][A-Za-z0-9._*-]{0,63}");

    public AllowedIds {
        patterns = List.copyOf(patterns);
        if (!sound(patterns)) {
            throw new IllegalArgumentException(RULE);
        }
    }

    /** The patterns, or nothing when they break the rule. */
    public static Optional<AllowedIds> parse(List<String> patterns) {
        return sound(patterns) ? Optional.of(new AllowedIds(patterns)) : Optional.empty();
    }

    private static boolean sound(List<String> patterns) {
        return !patterns.isEmpty()
                && patterns.size() <= MOST
                && patterns.stream()
                        .allMatch(pattern ->
                                pattern != null && FORM.matcher(pattern).matches());
    }

    public boolean allow(DeviceId id) {
        return patterns.stream().anyMatch(pattern -> fits(pattern, id.value()));
    }

    /** Goes back to the last star only, so that no pattern costs more than its length times the id's. */
    private static boolean fits(String pattern, String id) {
        int inPattern = 0;
        int inId = 0;
        int star = -1;
        int retry = 0;
        while (inId < id.length()) {
            if (inPattern < pattern.length() && pattern.charAt(inPattern) == '*') {
                star = inPattern++;
                retry = inId;
            } else if (inPattern < pattern.length() && pattern.charAt(inPattern) == id.charAt(inId)) {
                inPattern++;
                inId++;
            } else if (star >= 0) {
                inPattern = star + 1;
                inId = ++retry;
            } else {
                return false;
            }
        }
        while (inPattern < pattern.length() && pattern.charAt(inPattern) == '*') {
            inPattern++;
        }
        return inPattern == pattern.length();
    }
}
