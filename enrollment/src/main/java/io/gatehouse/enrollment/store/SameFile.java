package io.gatehouse.enrollment.store;

import io.gatehouse.enrollment.app.port.RegistryUnavailable;
import io.gatehouse.enrollment.app.port.RegistryUnavailable.Cause;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the files at the places of the database, its log and the log's index are those that are open. SQLite goes on committing into
 * files that were removed or moved: what is asked for before and after a commit is not lost there unnoticed.
 *
 * <p>Files that were away are used again when they are the same ones and nobody wrote to the database meanwhile. Once another file was
 * seen at one of the places nothing is read or written until a restart, because SQLite may have mixed the two. Tells each turn in one
 * line of the log. Thread-safe; a look at a file takes some two microseconds.
 */
final class SameFile {
    private static final Logger LOG = LoggerFactory.getLogger(SameFile.class);
    private static final String FORMER = ".former";

    private enum State {
        IN_PLACE,
        AWAY,
        /** For good. */
        REPLACED
    }

    private record Part(Path path, Object key) {
        static Part at(Path path) {
            var found = look(path);
            if (found == null) {
                throw new RegistryUnavailable(Cause.BROKEN, path + " is gone, just after it was opened");
            }
            return new Part(path, identity(found));
        }

        boolean is(@Nullable BasicFileAttributes found) {
            return found != null && identity(found).equals(key);
        }
    }

    /** What changes with every write to a file; the later one is the one that counts. */
    private record Content(FileTime modified, long size) {
        static Content of(BasicFileAttributes found) {
            return new Content(found.lastModifiedTime(), found.size());
        }

        Content later(Content other) {
            return other.modified.compareTo(modified) >= 0 ? other : this;
        }
    }

    private final Part database;
    private final Part log;
    private final Part index;
    private final AtomicReference<Content> content;
    private volatile State state = State.IN_PLACE;

    private SameFile(Part database, Part log, Part index, Content content) {
        this.database = database;
        this.log = log;
        this.index = index;
        this.content = new AtomicReference<>(content);
    }

    /** Of a database that was just opened, with all its connections. */
    static SameFile opened(Path file) {
        var absolute = file.toAbsolutePath();
        var database = Part.at(absolute);
        var log = Part.at(absolute.resolveSibling(absolute.getFileName() + "-wal"));
        var index = Part.at(absolute.resolveSibling(absolute.getFileName() + "-shm"));
        var found = look(absolute);
        if (found == null) {
            throw new RegistryUnavailable(Cause.BROKEN, absolute + " is gone, just after it was opened");
        }
        return new SameFile(database, log, index, Content.of(found));
    }

    /** Returns when the database is in its place. Throws RegistryUnavailable when it is not. */
    void requireToRead() {
        if (state != State.IN_PLACE || !isDatabaseInPlace()) {
            requireSettled();
        }
    }

    /** Returns when the database is in its place with its log and index. Throws RegistryUnavailable when one is not. */
    void requireToWrite() {
        if (state != State.IN_PLACE || !isDatabaseInPlace() || !log.is(look(log.path)) || !index.is(look(index.path))) {
            requireSettled();
        }
    }

    boolean isInPlace() {
        return state == State.IN_PLACE;
    }

    private boolean isDatabaseInPlace() {
        var found = look(database.path);
        if (found == null || !database.is(found)) {
            return false;
        }
        var now = Content.of(found);
        if (!now.equals(content.get())) {
            content.accumulateAndGet(now, Content::later); // a checkpoint
        }
        return true;
    }

    private void requireSettled() {
        settle();
        if (state != State.IN_PLACE) {
            throw new RegistryUnavailable(Cause.BROKEN, "the database " + database.path + " is not in its place");
        }
    }

    /** To be asked for before the connections are closed, too: what is at the places then is what the next start finds. */
    synchronized void settle() {
        if (state != State.REPLACED) {
            judge();
        } else if (database.is(look(database.path))) {
            var back = move(FORMER, "");
            if (!back.isEmpty()) {
                LOG.warn("{} is back, and with it{}; the restart is needed all the same", database.path, back);
            }
        } else if (look(database.path) != null) {
            setAside();
        }
    }

    private void judge() {
        @Nullable Path missing = null;
        for (var part : List.of(index, log, database)) {
            var found = look(part.path);
            if (found == null) {
                missing = part.path;
            } else if (!part.is(found)) {
                replaced(part.path + " is another file than the one that is open");
                if (part.equals(database)) {
                    setAside();
                }
                return;
            }
        }
        if (missing != null) {
            away(missing);
        } else if (state == State.AWAY) {
            back();
        }
    }

    private void away(Path missing) {
        if (state == State.AWAY) {
            return;
        }
        state = State.AWAY;
        LOG.error(
                "{} was removed or moved while it is open: nothing is read or written until the same file is back. Move it"
                        + " back; {}",
                missing,
                missing.equals(database.path)
                        ? "or stop the service and restore a backup: gatehouse restore --replace"
                        : "or stop the service with SIGTERM, which saves what is in it, and start it again");
    }

    private void back() {
        var found = look(database.path);
        if (found == null) {
            return;
        }
        if (!Content.of(found).equals(content.get())) {
            replaced("another program has written to " + database.path + " while it was away");
            return;
        }
        state = State.IN_PLACE;
        LOG.warn("{} is back in its place, and used again", database.path);
    }

    private void replaced(String what) {
        state = State.REPLACED;
        LOG.error(
                "{}: nothing is read or written any more, and that file is left as it is. A restart is needed: stop the"
                        + " service, put the right file back or restore a backup (gatehouse restore --replace), start the service",
                what);
    }

    /** The next start would take the log for that of the other database, and spoil it. */
    private void setAside() {
        var aside = move("", FORMER);
        if (!aside.isEmpty()) {
            LOG.warn("what belongs to the database that was open is set aside:{}", aside);
        }
    }

    /** Renames the log and its index, when they are those that are open; where they are now. */
    private String move(String from, String to) {
        var moved = new StringBuilder();
        for (var part : List.of(log, index)) {
            var source = part.path.resolveSibling(part.path.getFileName() + from);
            var target = part.path.resolveSibling(part.path.getFileName() + to);
            if (part.is(look(source)) && look(target) == null) {
                try {
                    Files.move(source, target);
                    moved.append(' ').append(target);
                } catch (IOException e) {
                    LOG.error("{} cannot be moved to {}; do that before the next start", source, target, e);
                }
            }
        }
        return moved.toString();
    }

    /** Null when there is nothing, or nothing that can be looked at. */
    private static @Nullable BasicFileAttributes look(Path path) {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class);
        } catch (IOException e) {
            return null;
        }
    }

    /** Device and inode. */
    private static Object identity(BasicFileAttributes found) {
        return Objects.requireNonNull(found.fileKey(), "this file system does not tell its files apart");
    }
}
