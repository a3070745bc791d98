package io.gatehouse.gateway.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;

/**
 * A use of the command that a page shows.
 *
 * @param whole a line of a code block, which somebody copies as it is; otherwise a mention in a sentence
 * @param words what stands behind {@code gatehouse}; brackets of what is optional are taken off, of alternatives the first is taken
 */
record DocumentedCommand(String page, boolean whole, List<String> words) {
    private static final Pattern FENCE = Pattern.compile(" *```(\\w*).*");
    /** Blocks in which lines are typed; others hold what files or answers say. */
    private static final List<String> TYPED = List.of("", "sh", "bash", "console");

    private static final Pattern USE = Pattern.compile("(?:^|[\\s;|&(!=$])(?:[\\w./-]*/)?gatehouse(?: +|$)");
    private static final Pattern MENTION = Pattern.compile("`(?:\\./|bin/)?gatehouse ([^`]+)`");
    private static final Pattern WORD = Pattern.compile("\"[^\"]*\"|'[^']*'|[^\\s\"']+");
    private static final Pattern PLACEHOLDER = Pattern.compile("[A-Z][A-Z0-9_-]*|<[^>]+>|\\$\\{?\\w+}?");
    /** What ends a command in a shell, but not what separates alternatives. */
    private static final Pattern END = Pattern.compile("\\s#.*|;.*|&&.*|\\s\\|.*|\\).*|\\s[<>]\\s.*");

    static List<DocumentedCommand> in(String page, String text) {
        List<DocumentedCommand> found = new ArrayList<>();
        boolean inside = false;
        boolean typed = false;
        for (String line : text.replace("\\\n", " ").lines().toList()) {
            Matcher fence = FENCE.matcher(line);
            if (fence.matches()) {
                inside = !inside;
                typed = inside && TYPED.contains(fence.group(1));
            } else if (typed) {
                uses(page, line, found);
            } else if (!inside) {
                mentions(page, line, found);
            }
        }
        return found;
    }

    private static void uses(String page, String line, List<DocumentedCommand> found) {
        Matcher use = USE.matcher(line.strip().startsWith("#") ? "" : line);
        while (use.find()) {
            found.add(new DocumentedCommand(page, true, words(line.substring(use.end()))));
        }
    }

    private static void mentions(String page, String line, List<DocumentedCommand> found) {
        Matcher mention = MENTION.matcher(line);
        while (mention.find()) {
            found.add(new DocumentedCommand(page, false, words(mention.group(1))));
        }
    }

    private static List<String> words(String rest) {
        List<String> words = new ArrayList<>();
        Matcher word = WORD.matcher(END.matcher(" " + rest).replaceFirst(""));
        while (word.find()) {
            String plain = word.group().replaceAll("^[\\[\"'(]+|[\\]\"')]+$", "");
            words.add(plain.startsWith("<") ? plain : plain.replaceFirst("\\|.*", ""));
        }
        return words;
    }

    /** A placeholder for a number is none. */
    static void ignoreWhatPlaceholdersStandFor(CommandLine line) {
        line.registerConverter(
                Integer.class, value -> PLACEHOLDER.matcher(value).matches() ? 1 : Integer.valueOf(value));
        line.registerConverter(Long.class, value -> PLACEHOLDER.matcher(value).matches() ? 1L : Long.valueOf(value));
    }

    @Override
    public String toString() {
        return page + ": gatehouse " + String.join(" ", words);
    }
}
