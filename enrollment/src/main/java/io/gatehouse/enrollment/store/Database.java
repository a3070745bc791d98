package io.gatehouse.enrollment.store;

import io.gatehouse.enrollment.app.port.RegistryUnavailable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Set;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/**
 * The database file: makes it (0600), brings its tables up to date, opens connections. Write-ahead log; a commit is on the disk
 * before it returns (synchronous=FULL).
 */
final class Database {
    private static final int BUSY_MILLIS = 3000;
    private static final int CHECKPOINT_PAGES = 4000;
    private static final int LARGEST_IDLE_LOG = 64 * 1024 * 1024;
    private static final Set<PosixFilePermission> OWNERS_ONLY = PosixFilePermissions.fromString("rw-------");

    private final SQLiteDataSource source;

    private Database(SQLiteDataSource source) {
        this.source = source;
    }

    /** Opens the file, or makes it. Throws RegistryUnavailable when that cannot be done. */
    static Database open(Path file) {
        try {
            makeOwnersOnly(file);
        } catch (IOException e) {
            throw cannotOpen(file, e);
        }
        var database = migrated(file);
        database.makeHome();
        return database;
    }

    /** Opens the file of a home. Throws RegistryUnavailable when that cannot be done, or it is not one. */
    static Database openExisting(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new RegistryUnavailable(RegistryUnavailable.Cause.BROKEN, "there is no database " + file);
        }
        var database = migrated(file);
        if (!database.hasHome()) {
            throw new RegistryUnavailable(
                    RegistryUnavailable.Cause.BROKEN, file + " is not the database of a home: restore a backup");
        }
        return database;
    }

    private static Database migrated(Path file) {
        try {
            Files.setPosixFilePermissions(file, OWNERS_ONLY);
            var source = source(file);
            Flyway.configure()
                    .dataSource(source)
                    .locations("classpath:io/gatehouse/enrollment/store/migration")
                    .load()
                    .migrate();
            return new Database(source);
        } catch (IOException | FlywayException e) {
            throw cannotOpen(file, e);
        } catch (RuntimeException e) {
            throw Failures.translate(e);
        }
    }

    private static RegistryUnavailable cannotOpen(Path file, Exception cause) {
        return new RegistryUnavailable(
                RegistryUnavailable.Cause.BROKEN, "the database " + file + " cannot be opened", cause);
    }

    /** A new connection; the caller closes it. */
    Sql connect() {
        try {
            var sql = Sql.open(source);
            sql.execute("PRAGMA journal_size_limit = " + LARGEST_IDLE_LOG);
            sql.execute("PRAGMA wal_autocheckpoint = " + CHECKPOINT_PAGES);
            return sql;
        } catch (Sql.Failed e) {
            throw Failures.translate(e);
        }
    }

    private static SQLiteDataSource source(Path file) {
        var config = new SQLiteConfig();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        config.enforceForeignKeys(true);
        config.setBusyTimeout(BUSY_MILLIS);
        config.setGetGeneratedKeys(false); // nobody asks for them, and finding them costs each insert
        config.setTempStore(SQLiteConfig.TempStore.MEMORY);
        var source = new SQLiteDataSource(config);
        source.setUrl("jdbc:sqlite:" + file.toAbsolutePath());
        return source;
    }

    /** SQLite gives the log and its index the permissions of the database file. */
    private static void makeOwnersOnly(Path file) throws IOException {
        var folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        if (!Files.exists(file)) {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(OWNERS_ONLY));
        }
    }

    private boolean hasHome() {
        var found = new ArrayList<Integer>();
        try (var handle = connect()) {
            handle.query(row -> row.getInt(1), found::add, "SELECT id FROM home");
        }
        return !found.isEmpty();
    }

    private void makeHome() {
        try (var handle = connect()) {
            handle.execute(
                    "INSERT INTO home (id, name, epoch, revision) SELECT 1, ?, ?, 0 WHERE NOT EXISTS (SELECT 1 FROM home)",
                    random(),
                    random());
        }
    }

    static String random() {
        byte[] bytes = new byte[16];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
