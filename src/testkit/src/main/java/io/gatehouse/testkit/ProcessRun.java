package io.gatehouse.testkit;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Runs a real program and keeps what it says. A program that does not end in time is killed together with its children, and the test
 * fails with its output. Immutable: every setting returns a new value.
 */
public final class ProcessRun {
    private final List<String> command;
    private final Map<String, String> environment;
    private final @Nullable Path directory;
    private final byte[] input;
    private final Duration limit;

    private ProcessRun(
            List<String> command,
            Map<String, String> environment,
            @Nullable Path directory,
            byte[] input,
            Duration limit) {
        this.command = command;
        this.environment = environment;
        this.directory = directory;
        this.input = input;
        this.limit = limit;
    }

    /** A program and its arguments, without a shell; half a minute at most. */
    public static ProcessRun of(String... command) {
        return of(List.of(command));
    }

    /** A program and its arguments, without a shell; half a minute at most. */
    public static ProcessRun of(List<String> command) {
        return new ProcessRun(List.copyOf(command), Map.of(), null, new byte[0], Duration.ofSeconds(30));
    }

    /** With more arguments. */
    public ProcessRun with(String... more) {
        List<String> longer = new ArrayList<>(command);
        longer.addAll(List.of(more));
        return new ProcessRun(List.copyOf(longer), environment, directory, input, limit);
    }

    /** In that directory. */
    public ProcessRun in(Path where) {
        return new ProcessRun(command, environment, where, input, limit);
    }

    /** With that environment variable. */
    public ProcessRun env(String name, String value) {
        Map<String, String> more = new TreeMap<>(environment);
        more.put(name, value);
        return new ProcessRun(command, Map.copyOf(more), directory, input, limit);
    }

    /** With that on its standard input, which then ends. */
    public ProcessRun stdin(byte[] bytes) {
        return new ProcessRun(command, environment, directory, bytes.clone(), limit);
    }

    /** With that on its standard input, which then ends. */
    public ProcessRun stdin(String text) {
        return stdin(text.getBytes(StandardCharsets.UTF_8));
    }

    /** With that much time. */
    public ProcessRun within(Duration time) {
        return new ProcessRun(command, environment, directory, input, time);
    }

    /** Runs it to its end. */
    public Result run() {
        try (RunningProcess running = start()) {
            int exit = running.awaitExit(limit);
            return new Result(command, exit, running.outBytes(), running.err());
        }
    }

    /** Starts it and comes back at once; closing the answer kills it. */
    public RunningProcess start() {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(environment);
        if (directory != null) {
            builder.directory(directory.toFile());
        }
        try {
            Process process = builder.start();
            RunningProcess running = new RunningProcess(command, process);
            feed(process);
            return running;
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private void feed(Process process) {
        try (OutputStream stdin = process.getOutputStream()) {
            stdin.write(input);
        } catch (IOException endedWithoutReading) {
            // Its exit code tells what that means.
        }
    }

    /** What a program that has ended left behind. Immutable. */
    public static final class Result {
        private final List<String> command;
        private final int exit;
        private final byte[] out;
        private final String err;

        private Result(List<String> command, int exit, byte[] out, String err) {
            this.command = command;
            this.exit = exit;
            this.out = out;
            this.err = err;
        }

        /** Its exit code; 128 and more for a signal. */
        public int exit() {
            return exit;
        }

        /** Its standard output as bytes. */
        public byte[] outBytes() {
            return out.clone();
        }

        /** Its standard output as text. */
        public String out() {
            return new String(out, StandardCharsets.UTF_8);
        }

        /** Its error output as text. */
        public String err() {
            return err;
        }

        /** Both outputs, for messages and for tools that do not care which they use. */
        public String both() {
            return out() + err;
        }

        /** Itself, when the exit code is 0; otherwise the test fails with the output. */
        public Result ok() {
            return expect(0);
        }

        /** Itself, when the exit code is that one; otherwise the test fails with the output. */
        public Result expect(int code) {
            if (exit != code) {
                throw new AssertionError("exit " + exit + " instead of " + code + ": " + command + "\n" + both());
            }
            return this;
        }
    }
}
