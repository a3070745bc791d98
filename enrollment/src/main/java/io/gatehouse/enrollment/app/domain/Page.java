package io.gatehouse.enrollment.app.domain;

import java.util.Optional;

/** Which part of a list is asked for: after a cursor of an earlier answer, at most {@code limit} items (1 to {@value #MAX}). */
public record Page(Optional<String> after, int limit) {
    public static final int MAX = 1000;
    public static final int DEFAULT = 100;

    public Page {
        if (limit < 1 || limit > MAX) {
            throw new IllegalArgumentException("limit: 1 to " + MAX);
        }
    }

    public static Page first() {
        return new Page(Optional.empty(), DEFAULT);
    }
}
