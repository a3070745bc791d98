package io.gatehouse.enrollment.store;

import io.gatehouse.enrollment.app.port.RegistryUnavailable;
import io.gatehouse.enrollment.app.port.RegistryUnavailable.Cause;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** Tells what is wrong with the world from what is wrong with one unit of work. */
final class Failures {
    private Failures() {}

    /** The typed exception when the database cannot be used now, otherwise the exception itself. */
    static RuntimeException translate(RuntimeException e) {
        if (e instanceof RegistryUnavailable) {
            return e;
        }
        var cause = worldly(e);
        return cause == null ? e : new RegistryUnavailable(cause, sentence(cause), e);
    }

    /** Why the database cannot be used now; null when the failure is another. */
    static @Nullable Cause worldly(Throwable e) {
        for (Throwable t = e; t != null; t = t.getCause()) {
            if (t instanceof SQLiteException sqlite) {
                return worldly(sqlite.getResultCode());
            }
            if (t instanceof RegistryUnavailable unavailable) {
                return unavailable.kind();
            }
        }
        return null;
    }

    private static @Nullable Cause worldly(SQLiteErrorCode code) {
        // Extended codes hold the primary one in their low byte.
        return switch (code.code & 0xff) {
            case 5, 6, 15 -> Cause.LOCKED; // SQLITE_BUSY, SQLITE_LOCKED, SQLITE_PROTOCOL
            case 13 -> Cause.FULL; // SQLITE_FULL
            case 7, 8, 10, 11, 14, 26 -> Cause.BROKEN; // NOMEM, READONLY, IOERR, CORRUPT, CANTOPEN, NOTADB
            default -> null;
        };
    }

    private static String sentence(Cause cause) {
        return switch (cause) {
            case BUSY -> "more work is waiting than the registry takes on";
            case LOCKED -> "another program holds the database";
            case FULL -> "there is no room on the disk for the database";
            case BROKEN -> "the database cannot be read or written";
            case CLOSED -> "the registry is closed";
        };
    }
}
