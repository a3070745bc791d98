package io.gatehouse.gateway.up;

import io.gatehouse.gateway.supervise.Part;
import io.gatehouse.gateway.supervise.RestartRules;
import io.gatehouse.gateway.supervise.RunFiles;
import io.gatehouse.gateway.supervise.Supervisor;
import java.util.List;
import java.util.Optional;

/**
 * Runs parts in the foreground until a signal comes (exit code 0) or a part cannot be kept running (1). Thread-safe, for one run.
 */
public final class Foreground {
    private final Supervisor supervisor;
    private final RunFiles files;
    private final Supervisor.Events events;

    public Foreground(List<Part> parts, RunFiles files, Supervisor.Events events) {
        this.supervisor = new Supervisor(parts, RestartRules.standard(), files, events);
        this.files = files;
        this.events = events;
    }

    /** What is done when all parts are ready; what it throws ends everything. */
    @FunctionalInterface
    public interface WhenReady {
        void run() throws InterruptedException;
    }

    /** Starts the parts and returns the exit code when they have ended. */
    public int run(WhenReady whenReady) throws InterruptedException {
        // In the hook, since a signal leaves the main thread no say in the exit code.
        Thread onSignal = new Thread(
                () -> {
                    supervisor.close();
                    files.close();
                    Runtime.getRuntime().halt(supervisor.failure().isPresent() ? 1 : 0);
                },
                "on-signal");
        Runtime.getRuntime().addShutdownHook(onSignal);
        try (supervisor) {
            supervisor.start();
            if (supervisor.awaitReady()) {
                whenReady.run();
            }
            Optional<String> failure = supervisor.awaitStop();
            failure.ifPresent(why -> events.tell("gatehouse: " + why));
            supervisor.close();
            return failure.isPresent() ? 1 : 0;
        } finally {
            forget(onSignal);
        }
    }

    /** Takes a shutdown hook back, unless the process is ending already. */
    public static void forget(Thread onSignal) {
        try {
            Runtime.getRuntime().removeShutdownHook(onSignal);
        } catch (IllegalStateException e) {
            // It runs now and ends the process.
        }
    }
}
