package io.gatehouse.enrollment.store;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Immutable values that were read from a column's text before, since a few fleets are read with every device. Bounded; thread-safe.
 */
final class Texts<T> {
    private static final int MOST = 256;

    private final Map<String, T> known = new ConcurrentHashMap<>();
    private final Function<String, T> read;

    Texts(Function<String, T> read) {
        this.read = read;
    }

    T value(String text) {
        var value = known.get(text);
        if (value == null) {
            value = read.apply(text);
            if (known.size() >= MOST) {
                known.clear();
            }
            known.put(text, value);
        }
        return value;
    }
}
