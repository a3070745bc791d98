package io.gatehouse.identity;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

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

    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    public DeviceId {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException("not a device id: " + RULE);
        }
    }

    /** Throws IllegalArgumentException, with a message that does not repeat the text, when the text is no device id. */
    public static DeviceId of(String text) {
        return new DeviceId(text);
    }

    /** The id, or nothing when the text is none. */
    public static Optional<DeviceId> parse(String text) {
        return FORM.matcher(text).matches() ? Optional.of(new DeviceId(text)) : Optional.empty();
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
