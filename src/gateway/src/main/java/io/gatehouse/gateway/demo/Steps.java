package io.gatehouse.gateway.demo;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

/** Runs steps one after the other and prints each with its time. Not thread-safe. */
final class Steps {
    private final PrintStream out;
    private int number;

    Steps(PrintStream out) {
        this.out = out;
    }

    /** What a step does; returns what it saw, for the reader. */
    @FunctionalInterface
    interface Step {
        String run() throws InterruptedException;
    }

    /** Runs a step. What it throws is told with its name and number, and thrown on. */
    void step(String name, Step step) throws InterruptedException {
        number++;
        long started = System.nanoTime();
        try {
            String seen = step.run();
            print("ok    ", started, name);
            seen.lines().forEach(line -> out.println("                    " + line));
            out.flush();
        } catch (RuntimeException e) {
            print("FAILED", started, name);
            throw new StepFailed("step " + number + " does not hold, " + name + ": " + e.getMessage());
        }
    }

    private void print(String state, long started, String name) {
        double seconds = Duration.ofNanos(System.nanoTime() - started).toMillis() / 1000.0;
        out.println(String.format(Locale.ROOT, "%s %2d  %6.2f s  %s", state, number, seconds, name));
    }
}
