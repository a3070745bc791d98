package io.gatehouse.gateway.cli;

import io.gatehouse.enrollment.config.ConfigException;
import io.gatehouse.gateway.supervise.Passphrase;
import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Where the passphrase of a backup comes from: the first line of a file, or a prompt; never an argument. */
final class BackupPassphrase {
    @Option(
            names = "--passphrase-file",
            paramLabel = "FILE",
            description = "holds the passphrase of the backup; - for standard input (default: a prompt)")
    private Optional<String> file = Optional.empty();

    Passphrase read(Terminal terminal, boolean isNew) {
        if (file.isEmpty()) {
            return prompt(isNew);
        }
        if ("-".equals(file.get())) {
            return UnlockOption.firstLine(terminal.in(), "standard input");
        }
        try (InputStream in = Files.newInputStream(Path.of(file.get()))) {
            return UnlockOption.firstLine(in, file.get());
        } catch (IOException e) {
            throw new ConfigException("--passphrase-file", "", file.get(), "a readable file");
        }
    }

    @SuppressWarnings("SystemConsoleNull") // as in UnlockOption
    private static Passphrase prompt(boolean isNew) {
        Console console = System.console();
        if (console == null) {
            throw new ConfigException(
                    "command line",
                    "--passphrase-file",
                    "",
                    "a passphrase for the backup is needed: name a file that holds it, or - for standard input");
        }
        char[] typed = console.readPassword("Passphrase of the backup: ");
        if (typed == null || typed.length == 0) {
            throw new ConfigException("prompt", "", "", "a passphrase must not be empty");
        }
        if (isNew) {
            char[] again = console.readPassword("The same again: ");
            if (again == null || !Arrays.equals(typed, again)) {
                throw new ConfigException("prompt", "", "", "the two passphrases differ");
            }
        }
        return new Passphrase(typed);
    }
}
