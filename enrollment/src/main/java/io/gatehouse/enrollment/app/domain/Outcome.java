package io.gatehouse.enrollment.app.domain;

import io.gatehouse.identity.RefusalReason;
import java.util.function.Function;

/**
 * What came of a request: done with a value, or refused with a reason. A refusal is a normal answer and has changed nothing; a
 * broken world (disk, bug) is an unchecked exception instead. Immutable.
 */
public sealed interface Outcome<T> {
    /** It was done, and is durable. */
    record Done<T>(T value) implements Outcome<T> {}

    /** It was refused; {@code detail} is a sentence for people and holds no secret. */
    record Refused<T>(RefusalReason reason, String detail) implements Outcome<T> {
        /** The same refusal where another value was hoped for. */
        public <U> Refused<U> as() {
            return new Refused<>(reason, detail);
        }
    }

    static <T> Outcome<T> done(T value) {
        return new Done<>(value);
    }

    static <T> Outcome<T> refused(RefusalReason reason) {
        return new Refused<>(reason, reason.sentence());
    }

    static <T> Outcome<T> refused(RefusalReason reason, String detail) {
        return new Refused<>(reason, detail);
    }

    /** The value turned into another, or the same refusal. */
    default <U> Outcome<U> map(Function<? super T, ? extends U> f) {
        return then(value -> done(f.apply(value)));
    }

    /** The next step, or the same refusal. */
    default <U> Outcome<U> then(Function<? super T, Outcome<U>> next) {
        if (this instanceof Done<T> done) {
            return next.apply(done.value());
        }
        return ((Refused<T>) this).as();
    }
}
