package io.gatehouse.enrollment.backup;

import io.gatehouse.enrollment.config.DurableFiles;
import io.gatehouse.enrollment.config.Home;
import io.gatehouse.enrollment.store.DatabaseFile;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes a home into one file: the database as it is at one moment, the keys as they lie there (encrypted), the configuration and what
 * clients trust. What opens the keys ({@code secrets/unlock}) and what is made at each start is left out. A zip inside of an age file. The
 * service may run meanwhile. Thread-safe.
 */
public final class HomeBackup {
    static final String FACTS = "backup.properties";
    static final String DATABASE = "data/gatehouse.db";
    static final String CONFIG = "gatehouse.toml";

    private static final Set<String> LEFT_OUT = Set.of("unlock", "admin-token", "admin-password");
    private static final String TEMPORARY = "backup-";

    private final Home home;
    private final InstantSource clock;

    public HomeBackup(Home home, InstantSource clock) {
        this.home = home;
        this.clock = clock;
    }

    /** What a backup holds, besides the database. */
    public record Made(List<String> files, long bytes, boolean rootKeys) {}

    /**
     * Writes the file, 0600, whole or not at all, lasting when this returns; one of that name is replaced.
     *
     * @param passphrase of the backup; not kept
     */
    public Made write(Path out, char[] passphrase) {
        if (passphrase.length == 0) {
            throw new BackupException("the passphrase of a backup must not be empty");
        }
        if (!Files.isRegularFile(home.database())) {
            throw new BackupException(
                    "there is nothing to back up in " + home + ": " + home.database() + " is not there");
        }
        try {
            removeLeftovers();
            var database =
                    home.data().resolve(TEMPORARY + ProcessHandle.current().pid() + ".db");
            try {
                Files.createFile(
                        database, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
                // Before the files: keys that come in between are more than the database needs, never less.
                DatabaseFile.copy(home.database(), database);
                return write(out, passphrase, database);
            } finally {
                Files.deleteIfExists(database);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the backup cannot be written to " + out, e);
        }
    }

    private Made write(Path out, char[] passphrase, Path database) throws IOException {
        var files = files();
        var aside = out.toAbsolutePath().resolveSibling("." + out.getFileName() + ".new");
        Files.deleteIfExists(aside);
        var owner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        try (var channel =
                FileChannel.open(aside, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), owner)) {
            var buffered = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
            try (var sealed = new AgeOutput(buffered, passphrase, new SecureRandom());
                    var zip = new ZipOutputStream(sealed, StandardCharsets.UTF_8)) {
                entry(zip, FACTS, facts().getBytes(StandardCharsets.UTF_8));
                for (var file : files) {
                    zip.putNextEntry(new ZipEntry(name(file)));
                    Files.copy(file, zip);
                    zip.closeEntry();
                }
                zip.putNextEntry(new ZipEntry(DATABASE));
                Files.copy(database, zip);
                zip.closeEntry();
            }
            buffered.flush();
            channel.force(true);
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(aside);
            throw e;
        }
        DurableFiles.move(aside, out);
        DurableFiles.flush(Objects.requireNonNull(aside.getParent()));
        var names = files.stream().map(this::name).toList();
        return new Made(names, Files.size(out), names.contains("secrets/root-keys.pem"));
    }

    private String facts() {
        return "format=1\ntime=" + clock.instant() + "\n";
    }

    private static void entry(ZipOutputStream zip, String name, byte[] bytes) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        ((OutputStream) zip).write(bytes);
        zip.closeEntry();
    }

    /** The files of configuration, trust and keys; what is only half written has a name that begins with a dot or ends in .new. */
    private List<Path> files() throws IOException {
        var files = new ArrayList<Path>();
        files.add(home.configFile());
        for (var directory : List.of(home.pki(), home.secrets())) {
            try (Stream<Path> all = Files.walk(directory)) {
                all.filter(Files::isRegularFile)
                        .filter(file -> !isLeftOut(file)
                                && HomeRestore.NAME.matcher(name(file)).matches())
                        .sorted()
                        .forEach(files::add);
            }
        }
        return files;
    }

    private boolean isLeftOut(Path file) {
        var name = String.valueOf(file.getFileName());
        boolean secret = LEFT_OUT.contains(name) && home.secrets().equals(file.getParent());
        return secret || name.startsWith(".") || name.endsWith(".new");
    }

    private String name(Path file) {
        return home.root().relativize(file).toString();
    }

    /** Copies of the database that a backup which was killed has left behind. */
    private void removeLeftovers() throws IOException {
        try (var found = Files.newDirectoryStream(home.data(), TEMPORARY + "*.db*")) {
            for (var file : found) {
                var pid = String.valueOf(file.getFileName()).replaceAll("\\D+", "");
                boolean lives = pid.length() < 19
                        && !pid.isEmpty()
                        && ProcessHandle.of(Long.parseLong(pid)).isPresent();
                if (!lives || pid.equals(Long.toString(ProcessHandle.current().pid()))) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }
}
