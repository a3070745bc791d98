package io.gatehouse.testkit;

import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/**
 * Tools of the machine that a test needs. Without the tool the test is skipped and says which one is missing; with
 * {@code -Dgatehouse.tools=required} it fails instead, so that a build that must skip nothing cannot skip by accident.
 */
public final class Tools {
    /** The property that turns a skip into a failure. */
    public static final String PROPERTY = "gatehouse.tools";

    private Tools() {}

    /** Returns when every tool is on the path; otherwise skips or fails the test that asks. */
    public static void require(String... names) {
        List<String> missing =
                Arrays.stream(names).filter(name -> find(name).isEmpty()).toList();
        if (!missing.isEmpty()) {
            absent("not installed: " + String.join(", ", missing));
        }
    }

    /** Returns when what the test needs of the machine is there; otherwise skips or fails the test that asks, with {@code otherwise}. */
    public static void requireThat(boolean there, String otherwise) {
        if (!there) {
            absent(otherwise);
        }
    }

    /** The home of an installed JDK of that feature version; otherwise skips or fails the test that asks. */
    public static Path requireJdk(int feature) {
        Optional<Path> found = findJdk(feature);
        if (found.isEmpty()) {
            absent("not installed: JDK " + feature + " under /usr/lib/jvm");
        }
        return found.orElseThrow();
    }

    /** Where the tool is, if it is anywhere on the path or in the system's directories. */
    public static Optional<Path> find(String name) {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        return Stream.concat(Arrays.stream(path.split(File.pathSeparator)), Stream.of("/usr/sbin", "/sbin"))
                .filter(directory -> !directory.isEmpty())
                .map(directory -> Path.of(directory, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static void absent(String message) {
        if (required()) {
            Assertions.fail(message + " (and -D" + PROPERTY + "=required)");
        }
        Assumptions.abort(message);
    }

    private static boolean required() {
        return "required".equals(System.getProperty(PROPERTY));
    }

    private static Optional<Path> findJdk(int feature) {
        Path homes = Path.of("/usr/lib/jvm");
        if (!Files.isDirectory(homes)) {
            return Optional.empty();
        }
        try (DirectoryStream<Path> candidates = Files.newDirectoryStream(homes)) {
            for (Path home : candidates) {
                if (Files.isExecutable(home.resolve("bin/java")) && isOfFeature(home.resolve("release"), feature)) {
                    return Optional.of(home);
                }
            }
            return Optional.empty();
        } catch (IOException broken) {
            throw new java.io.UncheckedIOException(broken);
        }
    }

    private static boolean isOfFeature(Path release, int feature) throws IOException {
        if (!Files.isReadable(release)) {
            return false;
        }
        String line = Files.readString(release)
                .lines()
                .filter(each -> each.startsWith("JAVA_VERSION="))
                .findFirst()
                .orElse("");
        return line.matches("JAVA_VERSION=\"" + feature + "(\\D.*)?\"");
    }
}
