package io.gatehouse.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A directory for a process that outlives one test class, where {@code @TempDir} does not reach. Closing deletes it, also while a
 * dying process still writes its last files.
 */
public final class TempHome implements AutoCloseable {
    private final Path path;

    private TempHome(Path path) {
        this.path = path;
    }

    /** A new, empty directory that only its owner can read. */
    public static TempHome create() {
        try {
            return new TempHome(Files.createTempDirectory("gatehouse-test-"));
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /** Where it is. */
    public Path path() {
        return path;
    }

    @Override
    public void close() {
        Await.until("delete " + path, Duration.ofSeconds(10), () -> {
            delete();
            return true;
        });
    }

    private void delete() throws IOException {
        List<Path> deepestFirst;
        try (Stream<Path> tree = Files.walk(path)) {
            deepestFirst = tree.sorted(Comparator.reverseOrder()).toList();
        } catch (NoSuchFileException gone) {
            return;
        }
        for (Path each : deepestFirst) {
            try {
                Files.deleteIfExists(each);
            } catch (DirectoryNotEmptyException written) {
                throw new IOException("still written to: " + each, written);
            }
        }
    }
}
