package io.gatehouse.enrollment.backup;

import io.gatehouse.enrollment.config.DurableFiles;
import io.gatehouse.enrollment.config.Home;
import io.gatehouse.enrollment.store.RestoredDatabase;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * Puts a backup into a home in which nothing runs. Everything is unpacked and checked aside; one rename declares it complete, and then it
 * is only moved to its places, by {@link #finish} at the next start if the power goes in between. For one thread.
 */
public final class HomeRestore {
    private static final String ASIDE = ".restore";
    private static final String COMPLETE = ".restore-complete";
    private static final String FORMER = "former";
    /** What is a home's, in the order in which it takes its place: without its configuration nothing starts. */
    private static final List<String> PARTS = List.of("pki", "secrets", "data", HomeBackup.CONFIG);

    /** What a backup may hold: nothing else is written into one either. */
    static final Pattern NAME =
            Pattern.compile("gatehouse\\.toml|data/gatehouse\\.db|(pki|secrets)(/[A-Za-z0-9_-][A-Za-z0-9._-]*){1,4}");

    private final Home home;
    private final InstantSource clock;

    public HomeRestore(Home home, InstantSource clock) {
        this.home = home;
        this.clock = clock;
    }

    /**
     * What was restored.
     *
     * @param former where that lies which was in the home before
     */
    public record Restored(Instant backupAt, RestoredDatabase.Begun begun, Instant until, Optional<Path> former) {}

    /**
     * Restores a backup.
     *
     * @param passphrase of the backup; not kept
     * @param replace whether a home that is not empty may be replaced; its files are kept aside, and its broker's stay
     * @param witnesses how long brokers are asked for what they know; zero: not at all
     */
    public Restored restore(Path from, char[] passphrase, boolean replace, Duration witnesses) {
        try {
            finish(home);
            var there = PARTS.stream()
                    .map(home.root()::resolve)
                    .filter(HomeRestore::holdsSomething)
                    .toList();
            if (!there.isEmpty() && !replace) {
                throw new BackupException(
                        home + " is not empty: " + there.get(0) + " is there; name another home, or say --replace");
            }
            var aside = home.root().resolve(ASIDE);
            DurableFiles.remove(aside);
            directory(aside);
            var backupAt = unpack(from, passphrase, aside);
            var now = clock.instant();
            var until = now.plus(witnesses);
            var begun = RestoredDatabase.begin(aside.resolve(HomeBackup.DATABASE), backupAt, until, clock);
            var former = there.isEmpty() ? Optional.<Path>empty() : Optional.of(keepFormer(aside, now));
            flushAll(aside);
            DurableFiles.move(aside, home.root().resolve(COMPLETE));
            DurableFiles.flush(home.root());
            finish(home);
            home.create();
            return new Restored(backupAt, begun, until, former);
        } catch (IOException e) {
            throw new UncheckedIOException("the backup cannot be restored", e);
        }
    }

    /** Whether a restore was interrupted when all of it was unpacked: {@link #finish} is due before anything else is done. */
    public static boolean isInterrupted(Home home) {
        return Files.isDirectory(home.root().resolve(COMPLETE));
    }

    /** Ends a restore that was interrupted when all of it was unpacked; does nothing when there is none. Only while nothing runs. */
    public static void finish(Home home) {
        var complete = home.root().resolve(COMPLETE);
        if (!Files.isDirectory(complete)) {
            return;
        }
        try {
            var former = complete.resolve(FORMER);
            Optional<Path> aside = Files.exists(former)
                    ? Optional.of(home.root().resolve(Files.readString(former).strip()))
                    : Optional.empty();
            for (var name : PARTS) {
                var from = complete.resolve(name);
                var to = home.root().resolve(name);
                if (!Files.exists(from)) {
                    continue;
                }
                if (Files.exists(to) && aside.isPresent()) {
                    Files.createDirectories(aside.get());
                    DurableFiles.move(to, aside.get().resolve(name));
                    DurableFiles.flush(aside.get());
                } else if (Files.isDirectory(to) && !holdsSomething(to)) {
                    Files.delete(to);
                }
                DurableFiles.move(from, to);
                DurableFiles.flush(home.root());
            }
            DurableFiles.remove(complete);
            DurableFiles.flush(home.root());
        } catch (IOException e) {
            throw new UncheckedIOException("the restore of " + home + " cannot be finished", e);
        }
    }

    /** The time of the backup. Nothing is believed before the whole file was read to its genuine end. */
    private Instant unpack(Path from, char[] passphrase, Path aside) throws IOException {
        Set<String> found = new HashSet<>();
        var facts = new Properties();
        try (var file = new BufferedInputStream(Files.newInputStream(from), 1 << 16)) {
            var plain = new AgeInput(file, passphrase);
            var zip = new ZipInputStream(plain, StandardCharsets.UTF_8);
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                var name = entry.getName();
                if (name.equals(HomeBackup.FACTS)) {
                    facts.load(new StringReader(new String(zip.readNBytes(65_536), StandardCharsets.UTF_8)));
                } else if (NAME.matcher(name).matches() && found.add(name)) {
                    place(zip, aside, name);
                } else {
                    throw new BackupException("the backup holds a file that this version does not know: " + name);
                }
            }
            plain.transferTo(java.io.OutputStream.nullOutputStream());
        } catch (java.nio.file.NoSuchFileException e) {
            throw new BackupException("there is no file " + from, e);
        }
        if (!found.containsAll(List.of(HomeBackup.CONFIG, HomeBackup.DATABASE))
                || !"1".equals(facts.getProperty("format"))) {
            throw new BackupException("the backup is not one of a home in a format that this version knows");
        }
        try {
            return Instant.parse(facts.getProperty("time", ""));
        } catch (DateTimeParseException e) {
            throw new BackupException("the backup does not say when it was made", e);
        }
    }

    private static void place(ZipInputStream zip, Path aside, String name) throws IOException {
        var file = aside.resolve(name);
        var directory = file.getParent();
        if (directory != null) {
            Files.createDirectories(directory);
        }
        Files.copy(zip, file);
        boolean open = !name.startsWith("secrets/") && !name.startsWith("data/");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(open ? "rw-r--r--" : "rw-------"));
    }

    /** The passphrase of the keys stays where it was, when it was there. */
    private Path keepFormer(Path aside, Instant now) throws IOException {
        var name = "before-restore-" + now.toString().replaceAll("[^0-9TZ]", "");
        Files.writeString(aside.resolve(FORMER), name + "\n");
        if (Files.exists(home.unlock())) {
            var unlock = aside.resolve("secrets").resolve("unlock");
            Files.copy(home.unlock(), unlock, StandardCopyOption.COPY_ATTRIBUTES);
        }
        return home.root().resolve(name);
    }

    private static boolean holdsSomething(Path path) {
        if (!Files.isDirectory(path)) {
            return Files.exists(path);
        }
        try (var inside = Files.list(path)) {
            return inside.findAny().isPresent();
        } catch (IOException e) {
            throw new UncheckedIOException(path + " cannot be read", e);
        }
    }

    private static void directory(Path directory) throws IOException {
        DurableFiles.directory(directory);
        for (var name : List.of("secrets", "data")) {
            DurableFiles.directory(directory.resolve(name));
        }
        Files.createDirectory(directory.resolve("pki"));
    }

    /** Every file and every name in it is on the disk when this returns. */
    private static void flushAll(Path directory) throws IOException {
        try (var all = Files.walk(directory)) {
            for (var each : all.toList()) {
                try (var channel = FileChannel.open(each, StandardOpenOption.READ)) {
                    channel.force(true);
                }
            }
        }
    }
}
