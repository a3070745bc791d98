package io.gatehouse.gateway.cli;

import io.gatehouse.enrollment.app.port.RegistryUnavailable;
import io.gatehouse.enrollment.backup.BackupException;
import io.gatehouse.enrollment.ca.HierarchyException;
import io.gatehouse.enrollment.config.ConfigException;
import io.gatehouse.gateway.demo.StepFailed;
import io.gatehouse.gateway.install.NotEnrolled;
import io.gatehouse.gateway.rest.RequestRefused;
import io.gatehouse.gateway.rest.ServiceUnreachable;
import io.gatehouse.gateway.up.ProofFailed;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** The one place where what went wrong becomes a line for a person and an exit code. */
final class Failures {
    private Failures() {}

    static int tell(Throwable failure, PrintStream err) {
        if (failure instanceof ConfigException) {
            return line(err, failure, Exit.USAGE);
        }
        if (failure instanceof ServiceUnreachable) {
            return line(err, failure, Exit.UNREACHABLE);
        }
        if (failure instanceof RequestRefused refused) {
            return line(err, failure, refused.isMisuse() ? Exit.USAGE : Exit.FAILED);
        }
        if (failure instanceof CommandFailed || failure instanceof ProofFailed || failure instanceof StepFailed) {
            return line(err, failure, Exit.FAILED);
        }
        if (failure instanceof NotEnrolled) {
            return line(err, failure, Exit.FAILED);
        }
        if (failure instanceof RegistryUnavailable || failure instanceof BackupException) {
            return line(err, failure, Exit.FAILED);
        }
        if (failure instanceof HierarchyException) {
            return line(err, failure, Exit.USAGE);
        }
        if (failure instanceof UncheckedIOException || failure instanceof IOException) {
            return line(err, failure, failure.getCause(), Exit.FAILED);
        }
        err.println("gatehouse: internal error; please report it with what follows");
        failure.printStackTrace(err);
        return Exit.INTERNAL;
    }

    private static int line(PrintStream err, Throwable failure, int code) {
        err.println("gatehouse: " + failure.getMessage());
        return code;
    }

    private static int line(PrintStream err, Throwable failure, @Nullable Throwable cause, int code) {
        String why = cause == null ? "" : ": " + cause.getClass().getSimpleName() + " " + cause.getMessage();
        err.println("gatehouse: " + failure.getMessage() + why);
        return code;
    }
}
