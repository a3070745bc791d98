package io.gatehouse.benchmarks;

/** The benchmark could not be carried out, or what it measured contradicts what the service said. The message is for people. */
final class BenchFailed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BenchFailed(String message) {
        super(message);
    }

    BenchFailed(String message, Throwable cause) {
        super(message, cause);
    }
}
