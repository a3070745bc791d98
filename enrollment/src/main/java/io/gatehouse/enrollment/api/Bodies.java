package io.gatehouse.enrollment.api;

/** How much a request of this API may hold. */
final class Bodies {
    static final int MOST_BYTES = 256 * 1024;

    private Bodies() {}
}
