package io.gatehouse.gateway;

import java.io.PrintStream;
import java.util.List;

/** One benchmark, found by {@link java.util.ServiceLoader}: the benchmarks know this command, not the reverse. */
public interface Bench {
    /** What {@code gatehouse bench NAME} calls it. */
    String name();

    /** One line for {@code gatehouse bench --help}. */
    String description();

    /** Runs it with the words behind its name; returns the exit code. */
    int run(List<String> arguments, PrintStream out, PrintStream err);
}
