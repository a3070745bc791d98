package io.gatehouse.enrollment.store;

import io.gatehouse.enrollment.app.port.RegistryUnavailable;
import io.gatehouse.enrollment.app.port.RegistryUnavailable.Cause;
import io.gatehouse.enrollment.app.port.View;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/** A registry's file looked at from outside, whether a service has it open or not. Changes nothing in it. Stateless. */
public final class DatabaseFile {
    private static final int BUSY_MILLIS = 10_000;

    private DatabaseFile() {}

    /** Runs against one consistent state. Throws RegistryUnavailable when the file cannot be read. */
    public static <T> T read(Path file, Function<View, T> work) {
        try (var handle = open(file)) {
            handle.execute("BEGIN");
            return work.apply(new SqliteView(handle));
        } catch (RuntimeException e) {
            throw Failures.translate(e);
        }
    }

    /** What SQLite itself finds wrong with the table of the audit and its index; nothing when all is well. */
    public static Optional<String> damageOfAudit(Path file) {
        try (var handle = open(file)) {
            var found = new ArrayList<String>();
            handle.query(row -> row.getString(1), found::add, "PRAGMA integrity_check('audit')");
            return found.equals(List.of("ok"))
                    ? Optional.empty()
                    : found.stream().findFirst();
        } catch (RuntimeException e) {
            throw Failures.translate(e);
        }
    }

    /**
     * Writes a whole, consistent copy to a new file, while others read and write the registry: SQLite's VACUUM INTO, from one read
     * transaction.
     */
    public static void copy(Path file, Path to) {
        try (var handle = open(file)) {
            handle.execute("VACUUM INTO ?", to.toAbsolutePath().toString());
        } catch (RuntimeException e) {
            throw Failures.translate(e);
        }
    }

    private static Sql open(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new RegistryUnavailable(Cause.BROKEN, "there is no database " + file);
        }
        var config = new SQLiteConfig();
        config.setReadOnly(true);
        config.setBusyTimeout(BUSY_MILLIS);
        config.setTempStore(SQLiteConfig.TempStore.MEMORY);
        var source = new SQLiteDataSource(config);
        source.setUrl("jdbc:sqlite:" + file.toAbsolutePath());
        return Sql.open(source);
    }
}
