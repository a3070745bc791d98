package io.gatehouse.systemtests.house;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.systemtests.Repository;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What holds for every source file. */
class SourcesTest {
    private static final int LONGEST = 400;
    private static final Set<String> SCRIPTS = Set.of("gatehouse", "run");
    private static final List<String> PACKAGES_NEED = List.of(
            "src/identity",
            "src/x509",
            "src/admission",
            "src/gateway",
            "src/testkit",
            "src/benchmarks",
            "enrollment",
            "broker-extension",
            "device-agent");

    @Test
    void no_file_has_more_than_400_lines() {
        List<String> tooLong = sources().stream()
                .filter(file -> lines(file) > LONGEST)
                .map(file -> Repository.root().relativize(file) + ": " + lines(file))
                .toList();
        assertThat(tooLong).isEmpty();
        assertThat(sources()).hasSizeGreaterThan(50);
    }

    @Test
    void every_package_says_what_it_is_for() {
        List<Path> silent = PACKAGES_NEED.stream()
                .flatMap(module -> mainPackages(Repository.root().resolve(module)).stream())
                .filter(each -> !Files.isRegularFile(each.resolve("package-info.java")))
                .toList();
        assertThat(silent).isEmpty();
    }

    /** KeyManager and TrustManager are the JDK's own nouns. */
    @Test
    void no_name_hides_what_a_class_does() {
        assertThat(sources().stream()
                        .map(file -> file.getFileName().toString())
                        .filter(name ->
                                name.matches("(Abstract.*|.*(Utils?|Helper|(?<!Key|Trust)Manager|Impl))\\.java")))
                .isEmpty();
    }

    private static List<Path> mainPackages(Path module) {
        return sources().stream()
                .filter(file -> file.startsWith(module.resolve("src/main/java")))
                .map(Path::getParent)
                .distinct()
                .toList();
    }

    private static List<Path> sources() {
        return Repository.files().stream()
                .filter(file -> {
                    String name = file.getFileName().toString();
                    return name.matches(".*\\.(java|sql|sh|py|js)") || SCRIPTS.contains(name);
                })
                .toList();
    }

    private static int lines(Path file) {
        try {
            return Files.readAllLines(file).size();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
