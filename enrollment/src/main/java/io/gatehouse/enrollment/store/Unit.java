package io.gatehouse.enrollment.store;

import io.gatehouse.enrollment.app.domain.Outcome;
import io.gatehouse.enrollment.app.port.Registry.Commit;
import io.gatehouse.enrollment.app.port.Transaction;
import io.gatehouse.enrollment.app.port.View.ChangeLine;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A unit of work on its way through the writer. Its caller hears of it only after the commit that it is part of. */
final class Unit<T> {
    private final Function<Transaction, T> work;
    private final CompletableFuture<Commit<T>> done = new CompletableFuture<>();
    private @Nullable T value;
    private @Nullable RuntimeException failure;
    private OptionalLong revision = OptionalLong.empty();
    private long current;

    Unit(Function<Transaction, T> work) {
        this.work = work;
    }

    /** Runs it; false when it has to be rolled back. */
    boolean run(SqliteTransaction transaction, List<ChangeLine> changes) {
        T result = Objects.requireNonNull(work.apply(transaction), "a unit of work must return something");
        value = result;
        if (result instanceof Outcome.Refused) {
            return false;
        }
        Optional<ChangeLine> change = transaction.finish();
        change.ifPresent(line -> {
            changes.add(line);
            revision = OptionalLong.of(line.revision());
        });
        return true;
    }

    /** Only this one failed. */
    void failed(RuntimeException e) {
        failure = e;
    }

    void at(long directoryRevision) {
        current = directoryRevision;
    }

    /** The group is durable. */
    void complete(long nanos) {
        if (failure != null) {
            done.completeExceptionally(failure);
            return;
        }
        done.complete(new Commit<>(Objects.requireNonNull(value), revision, current, nanos));
    }

    /** The group is lost. */
    void abort(RuntimeException e) {
        done.completeExceptionally(failure != null ? failure : e);
    }

    CompletableFuture<Commit<T>> done() {
        return done;
    }
}
