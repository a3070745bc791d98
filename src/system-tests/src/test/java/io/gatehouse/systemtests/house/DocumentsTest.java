package io.gatehouse.systemtests.house;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.systemtests.Repository;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The documents point at things that exist. */
class DocumentsTest {
    private static final Pattern LINK = Pattern.compile("\\[([^\\]]*)\\]\\(([^)#\\s]+)(#[^)\\s]*)?\\)");

    private static final String WORDS_IN_CODE = "src/identity/src/main/java/io/gatehouse/identity/RefusalReason.java";
    private static final String WORDS_PAGE = "src/docs/reference/refusals.md";

    @Test
    void the_where_is_it_table_names_existing_classes_and_tests() {
        List<String> rows = whereIsIt();
        assertThat(rows).hasSizeGreaterThanOrEqualTo(15);
        for (String row : rows) {
            String[] cells = row.split("\\|");
            assertThat(cells).as(row).hasSize(4);
            assertThat(cells[1].strip()).as(row).isNotEmpty();
            check(row, cells[2], "src/main/");
            check(row, cells[3], "src/test/");
        }
    }

    @Test
    void every_relative_link_leads_somewhere() {
        List<String> broken = new ArrayList<>();
        for (Path page : Repository.files()) {
            if (page.toString().endsWith(".md")) {
                links(read(page)).stream()
                        .filter(link -> !link.target().matches("(https?|mailto):.*"))
                        .filter(link -> !Files.exists(page.resolveSibling(link.target())))
                        .forEach(link -> broken.add(Repository.root().relativize(page) + " -> " + link.target()));
            }
        }
        assertThat(broken).isEmpty();
    }

    @Test
    void the_page_of_words_has_exactly_the_words_of_the_code() {
        assertThat(found("^ {4}([A-Z_]+)\\(\"([^\"]+)\"\\)[,;]", Repository.read(WORDS_IN_CODE)).stream()
                        .map(row ->
                                row.word().toLowerCase(java.util.Locale.ROOT).replace('_', '-') + ": " + row.meaning()))
                .hasSizeGreaterThan(40)
                .containsExactlyElementsOf(found("^\\| `([a-z-]+)` \\| (.+) \\|$", Repository.read(WORDS_PAGE)).stream()
                        .map(row -> row.word() + ": " + row.meaning())
                        .toList());
    }

    private record Row(String word, String meaning) {}

    private static List<Row> found(String regex, String text) {
        List<Row> rows = new ArrayList<>();
        Matcher matcher = Pattern.compile(regex, Pattern.MULTILINE).matcher(text);
        while (matcher.find()) {
            rows.add(new Row(matcher.group(1), matcher.group(2)));
        }
        return rows;
    }

    private static void check(String row, String cell, String place) {
        List<Link> links = links(cell);
        assertThat(links).as(row).isNotEmpty();
        for (Link link : links) {
            assertThat(link.target())
                    .as(row)
                    .contains(place)
                    .endsWith("/" + link.text().replace("`", "") + ".java");
            assertThat(Repository.root().resolve(link.target())).as(row).isRegularFile();
        }
    }

    private static List<String> whereIsIt() {
        List<String> rows = new ArrayList<>();
        boolean inside = false;
        for (String line : Repository.read("README.md").lines().toList()) {
            if (line.startsWith("## ")) {
                inside = line.equals("## Where is it?");
            } else if (inside && line.startsWith("|") && !line.contains("---") && !line.contains("| behaviour")) {
                rows.add(line);
            }
        }
        assertThat(rows).as("rows under '## Where is it?'").isNotEmpty();
        return rows;
    }

    private static List<Link> links(String text) {
        List<Link> found = new ArrayList<>();
        Matcher matcher = LINK.matcher(text);
        while (matcher.find()) {
            found.add(new Link(matcher.group(1), matcher.group(2)));
        }
        return found;
    }

    private static String read(Path page) {
        try {
            return Files.readString(page);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private record Link(String text, String target) {}
}
