package io.gatehouse.identity.policy;

import java.util.Map;
import java.util.regex.Pattern;

/**
 * What a device's attributes may look like, so that each value is exactly one topic level and never a wildcard. The registry
 * checks with it what is set; the policy engine checks again, and a value that fails grants nothing.
 */
public final class Attributes {
    /** The most attributes that one device may have. */
    public static final int MAX_COUNT = 32;

    /** The longest value, in UTF-16 units. */
    public static final int MAX_VALUE_LENGTH = 256;

    /** What a name must look like, for error messages. */
    public static final String NAME_RULE = "1 to 64 of A-Z a-z 0-9 . _ -";

    /** What a value must look like, for error messages. */
    public static final String VALUE_RULE = "1 to 256 characters without / + # $ and control characters";

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    private Attributes() {}

    /** Whether this can be the NAME of <code>${attr.NAME}</code>. */
    public static boolean validName(String name) {
        return NAME.matcher(name).matches();
    }

    /** Whether this can stand for one whole topic level. */
    public static boolean validValue(String value) {
        if (value.isEmpty() || value.length() > MAX_VALUE_LENGTH || !Topics.isWellFormed(value)) {
            return false;
        }
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '/' || c == '+' || c == '#' || c == '$' || Character.isISOControl(c)) {
                return false;
            }
        }
        return true;
    }

    /** Whether all names and values, and their number, are allowed. */
    public static boolean valid(Map<String, String> attributes) {
        return attributes.size() <= MAX_COUNT
                && attributes.entrySet().stream().allMatch(e -> validName(e.getKey()) && validValue(e.getValue()));
    }
}
