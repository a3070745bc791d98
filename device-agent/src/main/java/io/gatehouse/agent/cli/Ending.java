package io.gatehouse.agent.cli;

import io.gatehouse.agent.task.Stop;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Turns the process's end (Ctrl-C, SIGTERM) into a wish to stop, and gives what runs a moment to say goodbye. */
final class Ending implements AutoCloseable {
    private static final Duration GRACE = Duration.ofSeconds(5);

    private final CountDownLatch done = new CountDownLatch(1);
    private final Thread hook;

    private Ending(Stop stop) {
        this.hook = new Thread(() -> stopAndWait(stop), "ending");
    }

    static Ending of(Stop stop) {
        var ending = new Ending(stop);
        Runtime.getRuntime().addShutdownHook(ending.hook);
        return ending;
    }

    private void stopAndWait(Stop stop) {
        stop.ask();
        try {
            var unused = done.await(GRACE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Does it; the process's end waits for it. */
    <T> T watch(Supplier<T> work) {
        try {
            return work.get();
        } finally {
            done.countDown();
        }
    }

    @Override
    public void close() {
        done.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // the process is ending: the hook is running
        }
    }
}
