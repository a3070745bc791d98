package io.gatehouse.systemtests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The checkout that the tests run in. */
public final class Repository {
    private static final Set<String> NOT_OURS = Set.of("target", ".git", ".idea", ".vscode", "gatehouse-home");

    private Repository() {}

    /** Its top directory. */
    public static Path root() {
        return Optional.ofNullable(System.getProperty("gatehouse.root"))
                .map(Path::of)
                .orElseGet(() -> Path.of("").toAbsolutePath().getParent().getParent());
    }

    /** What the build staged: what a user unpacks. */
    public static Path stage() {
        return Optional.ofNullable(System.getProperty("gatehouse.stage"))
                .map(Path::of)
                .orElseGet(() -> root().resolve("src/distribution/target/stage"));
    }

    /** Every file that people write, without what the build makes of them. */
    public static List<Path> files() {
        List<Path> found = new ArrayList<>();
        try {
            Files.walkFileTree(root(), new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                    return NOT_OURS.contains(String.valueOf(directory.getFileName()))
                            ? FileVisitResult.SKIP_SUBTREE
                            : FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    if (attributes.isRegularFile()) {
                        found.add(file);
                    }
                    return FileVisitResult.CONTINUE;
                }
            });
            return found;
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /** The text of a file, by its path from the top. */
    public static String read(String path) {
        try {
            return Files.readString(root().resolve(path));
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
