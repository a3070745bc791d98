package io.gatehouse.identity;

import java.util.Locale;
import java.util.Optional;

/**
 * The name of a device: 1 to 64 of {@code [A-Za-z0-9._-]}, first a letter or digit. Such a name is safe as MQTT client id, as one
 * topic level, as common name (RFC 5280 ub-common-name is 64) and as file name.
 *
 * <p>Compared as bytes ({@link #equals}); the registry keeps ids unique without regard to case, by {@link #caseFolded()}.
 * Immutable and thread-safe.
 */
public record DeviceId(String value) implements Comparable<DeviceId> {
    /** What an id must look like, for error messages. */
    public static final String RULE = "1 to 64 of A-Z a-z 0-9 . _ -, first a letter or digit";

    private static final int LONGEST = 64;

    public DeviceId {
        if (!valid(value)) {
            throw new IllegalArgumentException("not a device id: " + RULE);
        }
    }

    /** Throws IllegalArgumentException, with a message that does not repeat the text, when the text is no device id. */
    public static DeviceId of(String text) {
        return new DeviceId(text);
    }

    /** The id, or nothing when the text is none. */
    public static Optional<DeviceId> parse(String text) {
        return valid(text) ? Optional.of(new DeviceId(text)) : Optional.empty();
    }

    /** By hand: a directory of a million devices makes a million of these each time that it is written. */
    private static boolean valid(String text) {
        if (text.isEmpty() || text.length() > LONGEST || !isLetterOrDigit(text.charAt(0))) {
            return false;
        }
        for (int i = 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!isLetterOrDigit(c) && c != '.' && c != '_' && c != '-') {
                return false;
            }
        }
        return true;
    }

    private static boolean isLetterOrDigit(char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    }

    /** The form by which ids are unique. */
    public String caseFolded() {
        return value.toLowerCase(Locale.ROOT);
    }

    @Override
    public int compareTo(DeviceId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
