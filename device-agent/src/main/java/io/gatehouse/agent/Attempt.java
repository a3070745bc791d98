package io.gatehouse.agent;

import java.util.Optional;
import java.util.function.Function;

/** What came of trying something: a value, or the failure. */
public sealed interface Attempt<T> {

    record Done<T>(T value) implements Attempt<T> {}

    record Failed<T>(Failure why) implements Attempt<T> {}

    /** Nothing to tell but that it was done. */
    record Unit() {}

    static Attempt<Unit> done() {
        return new Done<>(new Unit());
    }

    static <T> Attempt<T> done(T value) {
        return new Done<>(value);
    }

    static <T> Attempt<T> failed(Failure failure) {
        return new Failed<>(failure);
    }

    static <T> Attempt<T> failed(ExitCode exit, String message) {
        return new Failed<>(Failure.of(exit, message));
    }

    /** Goes on with the value, or keeps the failure. */
    default <R> Attempt<R> then(Function<T, Attempt<R>> next) {
        return this instanceof Done<T> done ? next.apply(done.value()) : failed(((Failed<T>) this).why());
    }

    /** Turns the value into another, or keeps the failure. */
    default <R> Attempt<R> map(Function<T, R> function) {
        return then(value -> done(function.apply(value)));
    }

    /** The value, or nothing when it failed. */
    default Optional<T> result() {
        return this instanceof Done<T> done ? Optional.of(done.value()) : Optional.empty();
    }

    /** The failure, or nothing when it was done. */
    default Optional<Failure> failure() {
        return this instanceof Failed<T> failed ? Optional.of(failed.why()) : Optional.empty();
    }
}
