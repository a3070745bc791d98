package io.gatehouse.gateway.cli;

import static java.util.function.Predicate.not;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/**
 * What the documents tell a reader to type is taken by the command: nothing runs, but each verb, option and number of words is judged.
 * A line of a code block is judged as a whole; a mention in a sentence may leave things out, but what it names has to be there.
 */
class DocumentedCommandsTest {
    private static final Path ROOT = Path.of(System.getProperty("gatehouse.root"));

    static Stream<DocumentedCommand> documented() {
        return pages().flatMap(
                        page -> DocumentedCommand.in(ROOT.relativize(page).toString(), read(page)).stream());
    }

    @ParameterizedTest
    @MethodSource("documented")
    void is_taken(DocumentedCommand command) {
        assertThat(fault(command)).isEmpty();
    }

    @Test
    void the_documents_show_how_things_are_done() {
        List<DocumentedCommand> all = documented().toList();
        assertThat(all).filteredOn(DocumentedCommand::whole).hasSizeGreaterThanOrEqualTo(18);
        assertThat(all).filteredOn(not(DocumentedCommand::whole)).hasSizeGreaterThanOrEqualTo(30);
        assertThat(all)
                .extracting(DocumentedCommand::page)
                .contains("README.md", "src/docs/start/README.md", "src/docs/operate/runbooks.md");
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', textBlock = """
            gatehouse fleet renew pumps
            gatehouse broker-node enroll b2
            gatehouse fleet reissue pumps
            gatehouse fleet reissue pumps --soon
            gatehouse fleet reissue pumps --within 6h more
            gatehouse claim create --fleet f --uses many
            until gatehouse session end s-1 | grep -q done; do sleep 1; done
            ./gatehouse up && gatehouse admin passwd
            gatehouse fleet
            gatehouse agent enrol
            gatehouse agent enroll --no-such-option
            """)
    void what_does_not_exist_in_a_code_block_is_found(String line) {
        assertThat(DocumentedCommand.in("page", "```sh\n" + line + "\n```\n"))
                .anySatisfy(command -> assertThat(fault(command)).isPresent());
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', textBlock = """
            gatehouse fleet renew
            gatehouse session end ID
            gatehouse ca retire --even-with-life
            gatehouse agent enrol
            """)
    void what_does_not_exist_in_a_sentence_is_found(String mention) {
        assertThat(DocumentedCommand.in("page", "Then `" + mention + "` and wait."))
                .singleElement()
                .satisfies(command -> assertThat(fault(command)).isPresent());
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', textBlock = """
            gatehouse fleet reissue FLEET --within <time>
            gatehouse claim create --fleet "$1" --uses N [--device D]   # one
            gatehouse restore --from F --passphrase-file FILE [--replace] [--witness PT24H|none]
            agent=$(gatehouse agent enroll --url URL --device D --claim-file FILE --ca FILE)
            """)
    void placeholders_stand_for_what_a_reader_puts_there(String line) {
        assertThat(DocumentedCommand.in("page", "```\n" + line + "\n```\n"))
                .singleElement()
                .satisfies(command -> assertThat(fault(command)).isEmpty());
    }

    /** Why the command would not be taken. */
    private static Optional<String> fault(DocumentedCommand command) {
        String verb = command.words().isEmpty() ? "" : command.words().get(0);
        return switch (verb) {
            case "agent" ->
                faultOfAgent(command.words().subList(1, command.words().size()));
            // The benchmarks know this command, not the reverse.
            case "bench" -> Optional.empty();
            default -> command.whole() ? faultOfLine(command.words()) : faultOfMention(command.words());
        };
    }

    private static Optional<String> faultOfLine(List<String> words) {
        CommandLine line = Gatehouse.commandLine(Terminal.ofProcess());
        DocumentedCommand.ignoreWhatPlaceholdersStandFor(line);
        try {
            CommandLine last = line.parseArgs(words.toArray(String[]::new)).asCommandLineList().stream()
                    .reduce(line, (before, next) -> next);
            return last.getSubcommands().isEmpty() ? Optional.empty() : Optional.of("a verb is missing");
        } catch (ParameterException refused) {
            return Optional.of(String.valueOf(refused.getMessage()));
        }
    }

    private static Optional<String> faultOfMention(List<String> words) {
        CommandLine line = Gatehouse.commandLine(Terminal.ofProcess());
        for (String word : words) {
            if (word.startsWith("-") && !line.getCommandSpec().optionsMap().containsKey(word)) {
                return Optional.of("no option " + word);
            }
            if (!word.startsWith("-") && !line.getSubcommands().isEmpty() && !word.equals("VERB")) {
                if (!line.getSubcommands().containsKey(word)) {
                    return Optional.of("no verb " + word);
                }
                line = line.getSubcommands().get(word);
            }
        }
        return Optional.empty();
    }

    /** The agent's help names its verbs and their options. */
    private static Optional<String> faultOfAgent(List<String> words) {
        Ended verbs = Ended.of(Map.of(), "", "agent", "--help");
        List<String> verb = words.stream()
                .limit(1)
                .filter(not(word -> word.startsWith("-")))
                .toList();
        if (!verb.isEmpty() && verbs.out().lines().noneMatch(line -> line.startsWith("  " + verb.get(0) + " "))) {
            return Optional.of("no verb " + verb.get(0));
        }
        Ended help = verb.isEmpty() ? verbs : Ended.of(Map.of(), "", "agent", verb.get(0), "--help");
        return words.stream()
                .filter(word -> word.startsWith("--") && !help.out().contains(word))
                .findFirst()
                .map(option -> "no option " + option);
    }

    private static Stream<Path> pages() {
        try (Stream<Path> found = Files.walk(ROOT.resolve("src/docs"))) {
            return Stream.concat(
                    Stream.of(ROOT.resolve("README.md")),
                    found.filter(page -> page.toString().endsWith(".md")).sorted())
                    .toList()
                    .stream();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private static String read(Path page) {
        try {
            return Files.readString(page);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
