package io.gatehouse.enrollment.store;

import io.gatehouse.enrollment.app.port.ChangeListener;
import io.gatehouse.enrollment.app.port.Registry;
import io.gatehouse.enrollment.app.port.RegistryUnavailable;
import io.gatehouse.enrollment.app.port.RegistryUnavailable.Cause;
import io.gatehouse.enrollment.app.port.StatusListener;
import io.gatehouse.enrollment.app.port.Transaction;
import io.gatehouse.enrollment.app.port.View;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The registry in one SQLite file: one writer with group commit, several readers. Thread-safe. */
public final class SqliteRegistry implements Registry, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SqliteRegistry.class);
    private static final long PATIENCE_SECONDS = 5;

    private final Writer writer;
    private final SameFile file;
    private final Sql writing;
    private final List<Sql> readers;
    private final BlockingQueue<Sql> free;

    private SqliteRegistry(Writer writer, SameFile file, Sql writing, List<Sql> readers) {
        this.writer = writer;
        this.file = file;
        this.writing = writing;
        this.readers = readers;
        this.free = new ArrayBlockingQueue<>(readers.size(), true, readers);
    }

    /** Sizes that tests make small. */
    record Limits(int queued, int readers, long keptChanges) {
        static final Limits USUAL = new Limits(4096, 8, 100_000);
    }

    /** Opens the file, or makes it with mode 0600. Throws RegistryUnavailable when that cannot be done. */
    public static SqliteRegistry open(Path file, InstantSource clock) {
        return open(file, clock, Limits.USUAL);
    }

    /** Opens the file; never makes one. Throws RegistryUnavailable when that cannot be done, or it is not the database of a home. */
    public static SqliteRegistry openExisting(Path file, InstantSource clock) {
        return open(Database.openExisting(file), file, clock, Limits.USUAL);
    }

    static SqliteRegistry open(Path file, InstantSource clock, Limits limits) {
        return open(Database.open(file), file, clock, limits);
    }

    private static SqliteRegistry open(Database database, Path file, InstantSource clock, Limits limits) {
        var writing = database.connect();
        var readers = new ArrayList<Sql>();
        for (int i = 0; i < limits.readers(); i++) {
            readers.add(database.connect());
        }
        var same = SameFile.opened(file);
        var writer = new Writer(writing, same, clock, limits.queued(), limits.keptChanges());
        writer.start();
        return new SqliteRegistry(writer, same, writing, readers);
    }

    @Override
    public <T> Commit<T> commit(Function<Transaction, T> work) {
        return writer.commit(work);
    }

    @Override
    public <T> T read(Function<View, T> work) {
        file.requireToRead();
        var reader = reader();
        try {
            reader.execute("BEGIN");
            T value = work.apply(new SqliteView(reader));
            reader.execute("COMMIT");
            return value;
        } catch (RuntimeException e) {
            endFailed(reader);
            throw Failures.translate(e);
        } finally {
            free.add(reader);
        }
    }

    private static void endFailed(Sql reader) {
        try {
            reader.execute("ROLLBACK");
        } catch (RuntimeException e) {
            // there was no transaction: BEGIN itself failed
            LOG.debug("registry: nothing to roll back", e);
        }
    }

    private Sql reader() {
        try {
            var reader = free.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (reader == null) {
                throw new RegistryUnavailable(Cause.BUSY, "more is being read than the registry takes on");
            }
            return reader;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RegistryUnavailable(Cause.BUSY, "interrupted while waiting for the registry", e);
        }
    }

    @Override
    public void listen(ChangeListener listener) {
        writer.listen(listener);
    }

    @Override
    public void listen(StatusListener listener) {
        writer.listen(listener);
    }

    /** For tests that break the database under the writer. */
    Sql writing() {
        return writing;
    }

    /** Does what is waiting, then closes. */
    @Override
    public void close() {
        try {
            writer.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        file.settle();
        writing.close();
        readers.forEach(Sql::close);
    }
}
