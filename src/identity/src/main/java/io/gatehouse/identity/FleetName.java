package io.gatehouse.identity;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The name of a fleet: 1 to 64 of {@code [a-z0-9-]}, and not an EST operation, because it stands as a label in EST paths
 * (RFC 7030, section 3.2.2). Immutable and thread-safe.
 */
public record FleetName(String value) implements Comparable<FleetName> {
    /** What a name must look like, for error messages. */
    public static final String RULE = "1 to 64 of a-z 0-9 -, and not an EST operation such as cacerts";

    private static final Pattern FORM = Pattern.compile("[a-z0-9-]{1,64}");
    private static final Set<String> EST_OPERATIONS =
            Set.of("cacerts", "csrattrs", "simpleenroll", "simplereenroll", "fullcmc", "serverkeygen");

    public FleetName {
        if (!valid(value)) {
            throw new IllegalArgumentException("not a fleet name: " + RULE);
        }
    }

    /** Throws IllegalArgumentException when the text is no fleet name. */
    public static FleetName of(String text) {
        return new FleetName(text);
    }

    /** The name, or nothing when the text is none. */
    public static Optional<FleetName> parse(String text) {
        return valid(text) ? Optional.of(new FleetName(text)) : Optional.empty();
    }

    private static boolean valid(String text) {
        return FORM.matcher(text).matches() && !EST_OPERATIONS.contains(text);
    }

    @Override
    public int compareTo(FleetName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
