package io.gatehouse.gateway.supervise;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The life of one part: one thread that starts it, watches it, and starts it again. */
final class PartKeeper implements Runnable {
    private static final long LOOK_EVERY_MILLIS = 50;

    /** The exit code of a part of ours that a person must mend: trying again would not help. */
    private static final int CONFIGURATION = 2;

    private static final long LARGEST_OUTPUT = 1024 * 1024;

    private final Part part;
    private final RestartRules rules;
    private final RunFiles files;
    private final Supervisor.Events events;
    private final CountDownLatch stop;
    private final Consumer<Failure> fail;
    private final CountDownLatch firstReady = new CountDownLatch(1);
    private final Deque<Long> deaths = new ArrayDeque<>();
    private int restartsInARow;
    private volatile boolean ready;

    PartKeeper(
            Part part,
            RestartRules rules,
            RunFiles files,
            Supervisor.Events events,
            CountDownLatch stop,
            Consumer<Failure> fail) {
        this.part = part;
        this.rules = rules;
        this.files = files;
        this.events = events;
        this.stop = stop;
        this.fail = fail;
    }

    String name() {
        return part.name();
    }

    boolean isReady() {
        return ready;
    }

    boolean awaitReady() throws InterruptedException {
        while (!firstReady.await(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS)) {
            if (stopping()) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void run() {
        try {
            while (!stopping()) {
                keepOnce();
            }
        } catch (InterruptedException e) {
            giveUp(part + ": its keeper was interrupted");
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException e) {
            giveUp(part + " cannot be started: " + e.getMessage());
        }
    }

    private void keepOnce() throws IOException, InterruptedException {
        part.readiness().reset();
        Process process = start();
        files.writePid(part.name(), process.pid());
        try {
            watch(process);
        } finally {
            ready = false;
            if (process.isAlive()) {
                end(process);
            }
            files.removePid(part.name());
        }
        if (!stopping()) {
            afterDeath(process.exitValue());
        }
    }

    private Process start() throws IOException {
        if (Files.exists(part.output()) && Files.size(part.output()) > LARGEST_OUTPUT) {
            Path older = part.output().resolveSibling(part.output().getFileName() + ".1");
            Files.move(part.output(), older, StandardCopyOption.REPLACE_EXISTING);
        }
        Process process = new ProcessBuilder(part.command())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(part.output().toFile()))
                .start();
        try {
            OutputStream input = process.getOutputStream();
            input.write(part.secret().map(Passphrase::line).orElse(new byte[0]));
            input.flush();
        } catch (IOException e) {
            // It died at once: watch() sees that.
        }
        return process;
    }

    private void watch(Process process) throws InterruptedException {
        long started = System.nanoTime();
        long readySince = 0;
        while (!stopping() && !process.waitFor(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS)) {
            if (!ready && part.readiness().isReady() && process.isAlive()) {
                ready = true;
                readySince = System.nanoTime();
                events.tell(part + " is ready after " + millisSince(started) + " ms (pid " + process.pid() + ")");
                firstReady.countDown();
            } else if (!ready && millisSince(started) > rules.readyWithin().toMillis()) {
                giveUp(part + " was not ready within " + rules.readyWithin().toSeconds() + " s; its last words are in "
                        + part.output());
                return;
            } else if (ready && millisSince(readySince) > rules.window().toMillis()) {
                restartsInARow = 0;
            }
        }
    }

    private void afterDeath(int exit) throws InterruptedException {
        if (exit == CONFIGURATION && firstReady.getCount() != 0) {
            fail.accept(new Failure(part + " cannot run like this: " + lastWords(), true));
            return;
        }
        long now = System.nanoTime();
        deaths.addLast(now);
        while (now - deaths.getFirst() > rules.window().toNanos()) {
            deaths.removeFirst();
        }
        if (deaths.size() >= rules.deaths()) {
            giveUp(part + " died " + deaths.size() + " times within "
                    + rules.window().toSeconds() + " s, the last time with exit code " + exit
                    + "; its last words are in "
                    + part.output());
            return;
        }
        restartsInARow++;
        Duration delay = rules.delay(restartsInARow);
        events.tell(part + " ended with exit code " + exit + "; it is started again in " + delay.toMillis() + " ms");
        stop.await(delay.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void giveUp(String reason) {
        fail.accept(new Failure(reason, false));
    }

    private String lastWords() {
        try {
            List<String> lines = Files.readAllLines(part.output());
            return lines.isEmpty() ? "it said nothing" : lines.get(lines.size() - 1);
        } catch (IOException e) {
            return "what it said in " + part.output() + " cannot be read";
        }
    }

    /** First the closed pipe and SIGTERM, then, after a while, SIGKILL. */
    private void end(Process process) throws InterruptedException {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            // The child has closed its end already.
        }
        process.destroy();
        if (!process.waitFor(rules.endWithin().toMillis(), TimeUnit.MILLISECONDS)) {
            events.tell(
                    part + " did not end by itself within " + rules.endWithin().toSeconds() + " s and is killed");
            process.destroyForcibly().waitFor();
        }
    }

    private boolean stopping() {
        return stop.getCount() == 0;
    }

    private static long millisSince(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos).toMillis();
    }
}
