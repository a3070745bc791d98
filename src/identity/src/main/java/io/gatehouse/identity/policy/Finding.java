package io.gatehouse.identity.policy;

/**
 * One thing that is wrong or odd in a policy document: where, what stands there, short and printable (empty when that says nothing),
 * and what is wrong with it and what to do.
 */
public record Finding(Place place, String value, String problem) {
    private static final int LONGEST_VALUE = 80;

    public Finding {
        value = shown(value, LONGEST_VALUE);
    }

    static Finding of(Place place, String problem) {
        return new Finding(place, "", problem);
    }

    Finding under(Place parent) {
        return new Finding(place.under(parent), value, problem);
    }

    /** The place for people, such as {@code rules[1].publish[0]}; empty for the document itself. */
    public String path() {
        return place.toString();
    }

    /** As {@link Place#pointer}. */
    public String pointer() {
        return place.pointer();
    }

    /** All of it in one line. */
    @Override
    public String toString() {
        return (path().isEmpty() ? "" : path() + ": ") + said();
    }

    /** The value and the problem, without the place. */
    public String said() {
        return value.isEmpty() ? problem : "\"" + value + "\": " + problem;
    }

    /** What a stranger wrote, shortened, without what a terminal could take for a command. */
    static String shown(String text, int longest) {
        var printable = new StringBuilder();
        text.codePoints()
                .limit(longest + 1L)
                .map(c -> (c >= ' ' && c <= '~') || Character.isLetterOrDigit(c) ? c : '?')
                .forEach(printable::appendCodePoint);
        int cut = printable.offsetByCodePoints(0, Math.min(longest, printable.codePointCount(0, printable.length())));
        return cut == printable.length() ? printable.toString() : printable.substring(0, cut) + "...";
    }
}
