package io.gatehouse.testkit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A program that runs beside the test. Its output is read all the time, so that it never blocks on a full pipe. Thread-safe. */
public final class RunningProcess implements AutoCloseable {
    private static final Duration AFTER_KILL = Duration.ofSeconds(10);

    private final List<String> command;
    private final Process process;
    private final Collector out;
    private final Collector err;

    RunningProcess(List<String> command, Process process) {
        this.command = command;
        this.process = process;
        this.out = Collector.of(process.getInputStream());
        this.err = Collector.of(process.getErrorStream());
    }

    /** Its process id. */
    public long pid() {
        return process.pid();
    }

    /** Whether it still runs. */
    public boolean isAlive() {
        return process.isAlive();
    }

    /** Its standard output so far. */
    public String out() {
        return new String(out.bytes(), StandardCharsets.UTF_8);
    }

    /** Its error output so far. */
    public String err() {
        return new String(err.bytes(), StandardCharsets.UTF_8);
    }

    byte[] outBytes() {
        return out.bytes();
    }

    /** Returns when either output has something that matches; fails with all its output when it ends or takes too long. */
    public MatchResult awaitOutput(String regex, Duration limit) {
        Pattern pattern = Pattern.compile(regex, Pattern.MULTILINE);
        Optional<MatchResult> found = Await.value(() -> regex + " in the output of " + this, limit, () -> {
            boolean ended = !process.isAlive() && out.finished() && err.finished();
            Optional<MatchResult> match = match(pattern, out()).or(() -> match(pattern, err()));
            return match.isPresent() || ended ? Optional.of(match) : Optional.empty();
        });
        return found.orElseThrow(() -> new AssertionError("ended without " + regex + ": " + this));
    }

    /** Returns its exit code; kills it and fails with all its output when it does not end in time. */
    public int awaitExit(Duration limit) {
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                kill();
                throw new AssertionError("not ended within " + limit + ": " + this);
            }
            out.join(AFTER_KILL.toMillis());
            err.join(AFTER_KILL.toMillis());
            return process.exitValue();
        } catch (InterruptedException interrupted) {
            kill();
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted: " + this, interrupted);
        }
    }

    /** Asks it to end, with SIGTERM. */
    public void terminate() {
        process.destroy();
    }

    /** Kills it and all its children with SIGKILL, and waits until it is gone. */
    public void kill() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        try {
            process.waitFor(AFTER_KILL.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            kill();
        }
    }

    @Override
    public String toString() {
        return command + "\n--- out\n" + out() + "\n--- err\n" + err();
    }

    private static Optional<MatchResult> match(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        return matcher.find() ? Optional.of(matcher.toMatchResult()) : Optional.empty();
    }

    /** Reads one stream to its end. */
    private static final class Collector extends Thread {
        private static final int AT_MOST = 64 << 20;

        private final InputStream source;
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        private Collector(InputStream source) {
            super("process-output");
            this.source = source;
            setDaemon(true);
        }

        static Collector of(InputStream source) {
            Collector collector = new Collector(source);
            collector.start();
            return collector;
        }

        @Override
        public void run() {
            byte[] chunk = new byte[8192];
            try (source) {
                for (int n = source.read(chunk); n >= 0; n = source.read(chunk)) {
                    keep(chunk, n);
                }
            } catch (IOException endOfPipe) {
                // A killed process closes its pipes.
            }
        }

        private synchronized void keep(byte[] chunk, int n) {
            if (bytes.size() < AT_MOST) {
                bytes.write(chunk, 0, n);
            }
        }

        synchronized byte[] bytes() {
            return bytes.toByteArray();
        }

        boolean finished() {
            return !isAlive();
        }
    }
}
