package io.gatehouse.gateway.cli;

import io.gatehouse.enrollment.config.ConfigException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** A text that a verb is given, of at most 1 MiB. */
final class TextInput {
    private static final int LARGEST = 1024 * 1024;

    private TextInput() {}

    /** Reads a file, or standard input for {@code -}. */
    static String read(String file, Terminal terminal) {
        try (InputStream in = "-".equals(file) ? terminal.in() : Files.newInputStream(Path.of(file))) {
            byte[] bytes = in.readNBytes(LARGEST + 1);
            if (bytes.length > LARGEST) {
                throw new ConfigException(file, "", "", "larger than 1 MiB");
            }
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (IOException | InvalidPathException e) {
            throw new ConfigException(file, "", "", "cannot be read");
        }
    }
}
