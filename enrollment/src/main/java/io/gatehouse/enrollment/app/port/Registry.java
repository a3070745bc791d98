package io.gatehouse.enrollment.app.port;

import io.gatehouse.enrollment.app.domain.Outcome;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * The durable registry. Thread-safe.
 *
 * <p>A unit of work is all or nothing: its state, its audit entries and its directory change become durable together, under one
 * new revision, or not at all. A unit that throws, or that returns an {@link Outcome.Refused}, leaves nothing. Units run one after
 * the other on one thread, so a unit sees every earlier one and needs no locks; it must be short, and must not call the registry
 * again. All methods throw {@link RegistryUnavailable} when the registry cannot do it now.
 */
public interface Registry {
    /** Runs a unit of work and returns its value after the commit is durable. */
    default <T> T write(Function<Transaction, T> work) {
        return commit(work).value();
    }

    /** As {@link #write}, and says under which revision. */
    <T> Commit<T> commit(Function<Transaction, T> work);

    /** Runs against one consistent state; many run at a time. */
    <T> T read(Function<View, T> work);

    /** From now on this listener hears of every directory change. */
    void listen(ChangeListener listener);

    /** From now on this listener hears of every certificate whose state may have changed. */
    void listen(StatusListener listener);

    /**
     * What a unit of work became.
     *
     * @param revision of its directory change; empty when brokers need not know
     * @param current the directory's revision right after it
     * @param nanos the monotonic time right after the commit
     */
    record Commit<T>(T value, OptionalLong revision, long current, long nanos) {}
}
