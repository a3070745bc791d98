package io.gatehouse.identity;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The name of a broker node: 1 to 64 of {@code [a-z0-9-]}, first a letter or digit. It stands in the URI of the node's certificates.
 * Immutable and thread-safe.
 */
public record BrokerName(String value) implements Comparable<BrokerName> {
    /** What a name must look like, for error messages. */
    public static final String RULE = "1 to 64 of a-z 0-9 -, first a letter or digit";

    private static final Pattern FORM = Pattern.compile("[a-z0-9][a-z0-9-]{0,63}");

    public BrokerName {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException("not a broker name: " + RULE);
        }
    }

    /** Throws IllegalArgumentException when the text is no broker name. */
    public static BrokerName of(String text) {
        return new BrokerName(text);
    }

    /** The name, or nothing when the text is none. */
    public static Optional<BrokerName> parse(String text) {
        return FORM.matcher(text).matches() ? Optional.of(new BrokerName(text)) : Optional.empty();
    }

    @Override
    public int compareTo(BrokerName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
