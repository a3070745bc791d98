package io.gatehouse.gateway.cli;

import io.gatehouse.enrollment.config.ConfigException;
import io.gatehouse.enrollment.config.Home;
import io.gatehouse.gateway.install.OwnerOnly;
import io.gatehouse.gateway.supervise.Passphrase;
import java.io.ByteArrayOutputStream;
import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Where the passphrase of the keys comes from. It is the first line of what is read; it is never an argument. */
final class UnlockOption {
    private static final String CREDENTIALS = "CREDENTIALS_DIRECTORY";
    private static final int LONGEST = 4096;

    @Option(
            names = "--unlock-file",
            paramLabel = "FILE",
            description = "holds the passphrase of the keys; - for standard input (default: systemd's credential"
                    + " gatehouse-unlock, else HOME/secrets/unlock, else a prompt)")
    private Optional<String> file = Optional.empty();

    /** For verbs that do not make the file {@code unlock} by themselves. */
    Passphrase read(Home home, Terminal terminal) {
        return given(home, terminal).orElseGet(() -> prompt(home));
    }

    /** For {@code up} and {@code demo}: a home without a passphrase gets a random one, kept in {@code HOME/secrets/unlock}. */
    Passphrase readOrMake(Home home, Terminal terminal) {
        return given(home, terminal).orElseGet(() -> hasKeys(home) ? prompt(home) : make(home, terminal));
    }

    /** A passphrase that comes as the first line of a stream. */
    static Passphrase firstLine(InputStream in, String source) {
        try {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
                line.write(b);
                if (line.size() > LONGEST) {
                    throw new ConfigException(
                            source, "", "", "holds no passphrase: its first line is longer than 4096");
                }
            }
            String passphrase = line.toString(StandardCharsets.UTF_8).strip();
            if (passphrase.isEmpty()) {
                throw new ConfigException(source, "", "", "holds no passphrase: its first line is empty");
            }
            return new Passphrase(passphrase.toCharArray());
        } catch (IOException e) {
            throw new ConfigException(source, "", "", "cannot be read");
        }
    }

    private Optional<Passphrase> given(Home home, Terminal terminal) {
        if (file.isPresent()) {
            return Optional.of(
                    "-".equals(file.get()) ? firstLine(terminal.in(), "standard input") : of(Path.of(file.get())));
        }
        Optional<Path> credential = Optional.ofNullable(terminal.environment().get(CREDENTIALS))
                .map(directory -> Path.of(directory).resolve("gatehouse-unlock"))
                .filter(Files::exists);
        return credential
                .or(() -> Optional.of(home.unlock()).filter(Files::exists))
                .map(UnlockOption::of);
    }

    /** What a file holds, or standard input for {@code -}. */
    static Passphrase from(String file, String option, Terminal terminal) {
        return "-".equals(file) ? firstLine(terminal.in(), "standard input") : of(Path.of(file), option);
    }

    /** What a person types; nothing when there is no terminal to ask at. */
    @SuppressWarnings("SystemConsoleNull") // as below
    static Optional<Passphrase> typed(String question) {
        Console console = System.console();
        char[] typed = console == null ? null : console.readPassword("%s", question);
        return typed == null || typed.length == 0 ? Optional.empty() : Optional.of(new Passphrase(typed));
    }

    private static Passphrase of(Path path) {
        return of(path, "--unlock-file");
    }

    private static Passphrase of(Path path, String option) {
        try (InputStream in = Files.newInputStream(path)) {
            return firstLine(in, path.toString());
        } catch (IOException e) {
            throw new ConfigException(option, "", path.toString(), "a readable file");
        }
    }

    @SuppressWarnings(
            "SystemConsoleNull") // the launcher sets jdk.console=java.base: no terminal, no console, also on newer Java
    private static Passphrase prompt(Home home) {
        Console console = System.console();
        if (console == null) {
            throw new ConfigException(
                    "command line",
                    "--unlock-file",
                    "",
                    "a passphrase for the keys is needed: name a file that holds it, or - for standard input");
        }
        char[] typed = console.readPassword("Passphrase for the keys in %s: ", home.secrets());
        if (typed == null || typed.length == 0) {
            throw new ConfigException("prompt", "", "", "a passphrase must not be empty");
        }
        if (!hasKeys(home)) {
            char[] again = console.readPassword("The same again: ");
            if (again == null || !Arrays.equals(typed, again)) {
                throw new ConfigException("prompt", "", "", "the two passphrases differ");
            }
        }
        return new Passphrase(typed);
    }

    private static boolean hasKeys(Home home) {
        return Files.exists(home.secrets().resolve("devices.key"));
    }

    private static Passphrase make(Home home, Terminal terminal) {
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        String passphrase = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
        try {
            OwnerOnly.write(home.unlock(), passphrase + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + home.unlock(), e);
        }
        terminal.out()
                .println("made " + home.unlock()
                        + ": the passphrase of the CA's keys. It protects copies of the keys that leave"
                        + " without it,\n  such as backups; whoever reads this machine's disk has both. Move it off the disk for production"
                        + " (--unlock-file).");
        return new Passphrase(passphrase.toCharArray());
    }
}
