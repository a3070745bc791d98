package io.gatehouse.identity.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A filter of a rule with its variables symbolic: one decision walks the levels of the topic once and allocates nothing.
 * Immutable and thread-safe.
 */
final class FilterTemplate {
    static final int MAX_LENGTH = 1024;
    static final int MAX_LEVELS = 64;

    private static final String ATTRIBUTE = "attr.";

    private enum Kind {
        LITERAL,
        DEVICE,
        FLEET,
        ATTRIBUTE,
        ANY_LEVEL,
        ANY_REST
    }

    /** One level; the text is the literal, or the attribute's name. */
    private record Level(Kind kind, String text) {
        static final Level DEVICE = new Level(Kind.DEVICE, "");
        static final Level FLEET = new Level(Kind.FLEET, "");
        static final Level ANY_LEVEL = new Level(Kind.ANY_LEVEL, "+");
        static final Level ANY_REST = new Level(Kind.ANY_REST, "#");
    }

    private static final Level EMPTY = new Level(Kind.LITERAL, "");

    private final Level[] levels;
    /** As {@link Topics#canonical}. */
    private final Level[] canonical;

    private FilterTemplate(List<Level> levels) {
        // The same set of topics; so that containment needs no special case. See Topics.contains.
        boolean all = levels.equals(List.of(Level.ANY_LEVEL, Level.ANY_REST));
        this.levels = all ? new Level[] {Level.ANY_REST} : levels.toArray(Level[]::new);
        this.canonical = levels.equals(List.of(EMPTY, Level.ANY_REST))
                ? new Level[] {EMPTY, Level.ANY_LEVEL, Level.ANY_REST}
                : this.levels;
    }

    /** Throws IllegalArgumentException that says what is wrong and what is allowed. */
    static FilterTemplate parse(String text, boolean forPublish) {
        if (text.isEmpty() || text.length() > MAX_LENGTH) {
            throw new IllegalArgumentException(text.length() + " characters; a filter has 1 to " + MAX_LENGTH);
        }
        if (!Topics.isWellFormed(text) || text.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("control characters and broken Unicode are not allowed");
        }
        String[] parts = text.split("/", -1);
        if (parts.length > MAX_LEVELS) {
            throw new IllegalArgumentException(parts.length + " levels; at most " + MAX_LEVELS);
        }
        checkFirst(parts[0], forPublish);
        var levels = new ArrayList<Level>(parts.length);
        for (int i = 0; i < parts.length; i++) {
            levels.add(level(parts[i], i + 1 == parts.length));
        }
        return new FilterTemplate(levels);
    }

    private static void checkFirst(String first, boolean forPublish) {
        if (first.equals("$share")) {
            throw new IllegalArgumentException(
                    "write the filter without $share/GROUP/ and use the rule's member shared");
        }
        if (forPublish && first.startsWith("$") && !first.startsWith("${")) {
            throw new IllegalArgumentException("no client can publish to a topic that begins with $; leave it out");
        }
    }

    private static Level level(String part, boolean last) {
        if (part.contains("${")) {
            return variable(part);
        }
        if (part.equals("+")) {
            return Level.ANY_LEVEL;
        }
        if (part.equals("#")) {
            if (!last) {
                throw new IllegalArgumentException("# stands only as the last level; + stands for one level anywhere");
            }
            return Level.ANY_REST;
        }
        if (part.indexOf('+') >= 0 || part.indexOf('#') >= 0) {
            throw new IllegalArgumentException("+ and # stand only as a whole level, between slashes");
        }
        return new Level(Kind.LITERAL, part);
    }

    private static Level variable(String part) {
        int open = part.lastIndexOf("${");
        int close = part.indexOf('}', open);
        if (close < 0) {
            throw new IllegalArgumentException(
                    "a variable that is not closed; it ends with } and stands only as a whole level");
        }
        boolean wildcard = part.indexOf('+') >= 0 || part.indexOf('#') >= 0;
        if (wildcard) {
            boolean inside = part.substring(open, close).matches(".*[+#].*");
            throw new IllegalArgumentException("a wildcard " + (inside ? "inside" : "beside")
                    + " a variable; both stand only as a whole level, between slashes");
        }
        if (open > 0 || close != part.length() - 1) {
            throw new IllegalArgumentException("a variable stands only as a whole level, between slashes");
        }
        String name = part.substring(2, part.length() - 1);
        if (name.equals("device")) {
            return Level.DEVICE;
        }
        if (name.equals("fleet")) {
            return Level.FLEET;
        }
        if (name.startsWith(ATTRIBUTE) && Attributes.validName(name.substring(ATTRIBUTE.length()))) {
            return new Level(Kind.ATTRIBUTE, name.substring(ATTRIBUTE.length()));
        }
        throw new IllegalArgumentException(
                "no such variable; there are ${device}, ${fleet} and ${attr.NAME} with a NAME of "
                        + Attributes.NAME_RULE);
    }

    /** Whether this covers a valid topic name, or all of what a valid filter matches. A variable without value covers nothing. */
    boolean covers(PolicySubject subject, String other) {
        int from = 0;
        for (int i = 0; i < levels.length; i++) {
            Level level = levels[i];
            if (level.kind() == Kind.ANY_REST) {
                return i > 0 || !Topics.startsWithDollar(other);
            }
            if (from > other.length()) {
                return false;
            }
            int end = Topics.levelEnd(other, from);
            if (level.kind() == Kind.ANY_LEVEL) {
                if (Topics.isLevel(other, from, end, '#') || (i == 0 && Topics.startsWithDollar(other))) {
                    return false;
                }
            } else {
                String value = value(level, subject);
                if (value == null || value.length() != end - from || !other.startsWith(value, from)) {
                    return false;
                }
            }
            from = end + 1;
        }
        return from > other.length();
    }

    /**
     * What stands against {@link #covers(PolicySubject, String)}: variables without a value, or with another one. Nothing when it is
     * more than variables.
     */
    Optional<List<String>> lacks(PolicySubject subject, String other) {
        String[] asked = other.split("/", -1);
        var lacking = new ArrayList<String>();
        var assumed = new ArrayList<Level>();
        for (int i = 0; i < levels.length; i++) {
            Level level = levels[i];
            boolean variable =
                    level.kind() == Kind.DEVICE || level.kind() == Kind.FLEET || level.kind() == Kind.ATTRIBUTE;
            if (variable && (i >= asked.length || !Attributes.validValue(asked[i]))) {
                return Optional.empty();
            }
            if (!variable || asked[i].equals(value(level, subject))) {
                assumed.add(level);
                continue;
            }
            assumed.add(new Level(Kind.LITERAL, asked[i]));
            String value = value(level, subject);
            lacking.add(name(level) + (value == null ? " has no value" : " is " + value));
        }
        return new FilterTemplate(assumed).covers(subject, other) ? Optional.of(lacking) : Optional.empty();
    }

    private static String name(Level level) {
        return switch (level.kind()) {
            case DEVICE -> "device";
            case FLEET -> "fleet";
            default -> ATTRIBUTE + level.text();
        };
    }

    /** Whether this covers, for every subject, all that the other does. */
    boolean covers(FilterTemplate other) {
        Level[] narrower = other.canonical;
        for (int i = 0; i < levels.length; i++) {
            Level level = levels[i];
            boolean wildcard = level.kind() == Kind.ANY_REST || level.kind() == Kind.ANY_LEVEL;
            if (i == 0
                    && wildcard
                    && narrower[0].kind() == Kind.LITERAL
                    && Topics.startsWithDollar(narrower[0].text())) {
                return false;
            }
            if (level.kind() == Kind.ANY_REST) {
                return true;
            }
            // The values of variables are whole levels, never empty and never with a $.
            if (i >= narrower.length
                    || narrower[i].kind() == Kind.ANY_REST
                    || !(wildcard || level.equals(narrower[i]))) {
                return false;
            }
        }
        return levels.length == narrower.length;
    }

    /** The filter with its variables replaced, or nothing when one has no value. */
    Optional<String> resolve(PolicySubject subject) {
        var text = new StringBuilder();
        for (int i = 0; i < levels.length; i++) {
            String value = value(levels[i], subject);
            if (value == null) {
                return Optional.empty();
            }
            text.append(i == 0 ? "" : "/").append(value);
        }
        return Optional.of(text.toString());
    }

    private static @Nullable String value(Level level, PolicySubject subject) {
        return switch (level.kind()) {
            case LITERAL, ANY_LEVEL, ANY_REST -> level.text();
            case DEVICE -> subject.device().value();
            case FLEET -> subject.fleet().value();
            case ATTRIBUTE -> {
                String value = subject.attributes().get(level.text());
                yield value != null && Attributes.validValue(value) ? value : null;
            }
        };
    }
}
