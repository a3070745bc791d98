package io.gatehouse.x509;

import io.gatehouse.identity.RefusalReason;
import java.util.Optional;
import java.util.function.Function;

/** What a parser made of a stranger's bytes: a value, or the reason why they are refused. */
public sealed interface Parsed<T> {

    /** The bytes were well formed and are this. */
    record Good<T>(T value) implements Parsed<T> {}

    /** The bytes are refused; {@code detail} is for people and holds nothing secret. */
    record Malformed<T>(RefusalReason reason, String detail) implements Parsed<T> {}

    static <T> Parsed<T> good(T value) {
        return new Good<>(value);
    }

    static <T> Parsed<T> malformed(RefusalReason reason, String detail) {
        return new Malformed<>(reason, detail);
    }

    /** The value, or nothing when refused. */
    default Optional<T> accepted() {
        return this instanceof Good<T> good ? Optional.of(good.value()) : Optional.empty();
    }

    /** The refusal, or nothing when good. */
    default Optional<Malformed<T>> refusal() {
        return this instanceof Malformed<T> bad ? Optional.of(bad) : Optional.empty();
    }

    /** The value; for tests and for input that we made ourselves. Throws IllegalStateException when refused. */
    default T orThrow() {
        if (this instanceof Malformed<T> bad) {
            throw new IllegalStateException(bad.reason() + ": " + bad.detail());
        }
        return ((Good<T>) this).value();
    }

    /** The same refusal, or the value turned into another. */
    default <R> Parsed<R> map(Function<T, R> function) {
        if (this instanceof Malformed<T> bad) {
            return malformed(bad.reason(), bad.detail());
        }
        return good(function.apply(((Good<T>) this).value()));
    }
}
