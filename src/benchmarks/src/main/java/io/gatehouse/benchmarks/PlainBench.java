package io.gatehouse.benchmarks;

import io.gatehouse.gateway.Bench;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;

/** A benchmark whose only choice is between a table and {@code --json}. */
abstract class PlainBench implements Bench {
    /** Measures all its rows; {@code err} hears how far it is. */
    abstract Report measure(PrintStream err) throws IOException;

    @Override
    public final int run(List<String> arguments, PrintStream out, PrintStream err) {
        boolean json = arguments.contains("--json");
        if (!arguments.stream().allMatch("--json"::equals)) {
            boolean asked = arguments.contains("--help");
            (asked ? out : err).println("Usage: gatehouse bench " + name() + " [--json]: " + description());
            return asked ? 0 : 2;
        }
        try {
            Report report = measure(err);
            out.println(json ? report.json() : report.table());
            return 0;
        } catch (BenchFailed | IOException failed) {
            err.println("gatehouse bench " + name() + ": " + failed.getMessage());
            return 1;
        }
    }
}
