package io.gatehouse.enrollment.app;

import java.util.Optional;

/** Stands where a use case has no body yet. */
final class Soon {
    private Soon() {}

    static void later() {
        String unused = soon();
        assert unused.isEmpty();
    }

    @SuppressWarnings("TypeParameterUnusedInFormals") // it never returns
    static <T> T soon() {
        return Optional.<T>empty().orElseThrow(UnsupportedOperationException::new);
    }
}
