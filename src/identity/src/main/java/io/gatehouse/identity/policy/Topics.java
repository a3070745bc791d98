package io.gatehouse.identity.policy;

/**
 * MQTT topic names and filters (MQTT 5, section 4.7): validity, matching and containment. Topics are compared as they are: case
 * and trailing slashes count, and a wildcard at the first level never covers a topic that begins with {@code $}.
 */
public final class Topics {
    /** The longest name or filter, in bytes of UTF-8. */
    public static final int MAX_BYTES = 65_535;

    private static final String SHARE = "$share/";

    private Topics() {}

    /** Whether this can be published to: not empty, no wildcard, no NUL, well-formed, at most 65,535 bytes. */
    public static boolean validName(String topic) {
        return validText(topic) && topic.indexOf('+') < 0 && topic.indexOf('#') < 0;
    }

    /** Whether this is a topic filter: wildcards only as whole levels, {@code #} only as the last. Shared or not. */
    public static boolean validFilter(String filter) {
        if (!validText(filter)) {
            return false;
        }
        return filter.startsWith(SHARE) ? sharedTopicStart(filter) > 0 : validWildcards(filter, 0);
    }

    /** Whether the filter asks for a shared subscription (section 4.8.2), well-formed or not. */
    public static boolean isShared(String filter) {
        return filter.startsWith(SHARE);
    }

    /** The part of a valid filter that topics are matched with: what follows {@code $share/group/}, or all of it. */
    public static String withoutShare(String filter) {
        return isShared(filter) ? filter.substring(sharedTopicStart(filter)) : filter;
    }

    /** Whether a message on this valid topic name goes to a subscription with this valid, not shared filter. */
    public static boolean matches(String filter, String topic) {
        return covers(filter, topic);
    }

    /**
     * Whether every topic that {@code narrower} matches is also matched by {@code filter}; both valid and not shared. A
     * {@code +} never contains {@code #}.
     */
    public static boolean contains(String filter, String narrower) {
        // Every topic has a first level.
        return covers(filter.equals("+/#") ? "#" : filter, canonical(narrower));
    }

    /** The filter that matches the same topics and can be compared level by level: {@code /#} has no parent, because no topic is empty. */
    static String canonical(String filter) {
        return filter.equals("/#") ? "/+/#" : filter;
    }

    private static boolean covers(String filter, String other) {
        int f = 0;
        int o = 0;
        while (f <= filter.length()) {
            int fEnd = levelEnd(filter, f);
            if (isLevel(filter, f, fEnd, '#')) {
                return f > 0 || !startsWithDollar(other);
            }
            if (o > other.length()) {
                return false;
            }
            int oEnd = levelEnd(other, o);
            if (isLevel(filter, f, fEnd, '+')) {
                if (isLevel(other, o, oEnd, '#') || (f == 0 && startsWithDollar(other))) {
                    return false;
                }
            } else if (fEnd - f != oEnd - o || !filter.regionMatches(f, other, o, fEnd - f)) {
                return false;
            }
            f = fEnd + 1;
            o = oEnd + 1;
        }
        return o > other.length();
    }

    /** The index of the slash that ends the level starting at {@code from}, or the length. */
    static int levelEnd(String text, int from) {
        int slash = text.indexOf('/', from);
        return slash < 0 ? text.length() : slash;
    }

    static boolean isLevel(String text, int from, int end, char wildcard) {
        return end - from == 1 && text.charAt(from) == wildcard;
    }

    static boolean startsWithDollar(String text) {
        return !text.isEmpty() && text.charAt(0) == '$';
    }

    /** Where the filter begins after {@code $share/group/}; -1 when the share name or the filter is not valid. */
    private static int sharedTopicStart(String filter) {
        int groupEnd = filter.indexOf('/', SHARE.length());
        if (groupEnd <= SHARE.length() || groupEnd + 1 == filter.length()) {
            return -1;
        }
        for (int i = SHARE.length(); i < groupEnd; i++) {
            if (filter.charAt(i) == '+' || filter.charAt(i) == '#') {
                return -1;
            }
        }
        return validWildcards(filter, groupEnd + 1) ? groupEnd + 1 : -1;
    }

    private static boolean validWildcards(String filter, int from) {
        for (int i = from; i < filter.length(); i++) {
            char c = filter.charAt(i);
            if (c != '+' && c != '#') {
                continue;
            }
            boolean starts = i == from || filter.charAt(i - 1) == '/';
            boolean last = i + 1 == filter.length();
            if (!starts || !(last || (c == '+' && filter.charAt(i + 1) == '/'))) {
                return false;
            }
        }
        return true;
    }

    private static boolean validText(String text) {
        return !text.isEmpty() && text.length() <= MAX_BYTES && isWellFormed(text) && utf8Length(text) <= MAX_BYTES;
    }

    /** Whether the text can be written in UTF-8 as MQTT wants it (section 1.5.4): no lone surrogate, no NUL. */
    static boolean isWellFormed(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0 || Character.isLowSurrogate(c)) {
                return false;
            }
            if (Character.isHighSurrogate(c)) {
                i++;
                if (i == text.length() || !Character.isLowSurrogate(text.charAt(i))) {
                    return false;
                }
            }
        }
        return true;
    }

    private static int utf8Length(String text) {
        int bytes = text.length();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                // A surrogate pair is two chars and four bytes, so each half counts two.
                bytes += c < 0x800 || Character.isSurrogate(c) ? 1 : 2;
            }
        }
        return bytes;
    }
}
