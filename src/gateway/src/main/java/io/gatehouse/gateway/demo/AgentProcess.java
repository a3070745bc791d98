package io.gatehouse.gateway.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** The device agent as a process of its own, on a device of its own: its state directory. Closing kills it. */
final class AgentProcess implements AutoCloseable {
    private static final Duration ANSWER = Duration.ofSeconds(30);
    private static final Duration LOOK_EVERY = Duration.ofMillis(20);

    private final Process process;
    private final Path output;

    private AgentProcess(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /** Starts a verb; what stands in {@code input} is its standard input. */
    static AgentProcess start(List<String> command, Path output, String input) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            try (var stdin = process.getOutputStream()) {
                stdin.write(input.getBytes(StandardCharsets.UTF_8));
            }
            return new AgentProcess(process, output);
        } catch (IOException e) {
            throw new UncheckedIOException("the agent cannot be started", e);
        }
    }

    /** Waits for its end. */
    int exit() throws InterruptedException {
        if (!process.waitFor(ANSWER.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new StepFailed("the agent did not end within " + ANSWER.toSeconds() + " s; it said: " + said());
        }
        return process.exitValue();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Everything that it printed so far. */
    String said() {
        try {
            return Files.readString(output).strip();
        } catch (IOException e) {
            return "";
        }
    }

    /** Its last line. */
    String lastLine() {
        String said = said();
        return said.substring(said.lastIndexOf('\n') + 1);
    }

    /** Waits until it has printed this. */
    void awaitSaid(String text) {
        await(() -> said().contains(text), () -> "the agent did not print \"" + text + "\"; it said: " + said());
    }

    static void await(BooleanSupplier condition, java.util.function.Supplier<String> otherwise) {
        long deadline = System.nanoTime() + ANSWER.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline || Thread.currentThread().isInterrupted()) {
                throw new StepFailed(otherwise.get());
            }
            LockSupport.parkNanos(LOOK_EVERY.toNanos());
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
