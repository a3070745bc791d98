package io.gatehouse.enrollment.app.domain;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** A part of a list, and the cursor of the next part when there is one. */
public record Listing<T>(List<T> items, Optional<String> next) {
    public Listing {
        items = List.copyOf(items);
    }

    /** From up to {@code limit + 1} items: the last one only tells that there is more. */
    public static <T> Listing<T> of(List<T> found, int limit, Function<? super T, String> cursor) {
        if (found.size() <= limit) {
            return new Listing<>(found, Optional.empty());
        }
        var items = found.subList(0, limit);
        return new Listing<>(items, Optional.of(cursor.apply(items.get(limit - 1))));
    }

    public <U> Listing<U> map(Function<? super T, U> f) {
        return new Listing<>(items.stream().map(f).toList(), next);
    }
}
