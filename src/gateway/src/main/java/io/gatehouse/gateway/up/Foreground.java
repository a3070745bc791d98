package io.gatehouse.gateway.up;

import io.gatehouse.gateway.supervise.Failure;
import io.gatehouse.gateway.supervise.Part;
import io.gatehouse.gateway.supervise.RestartRules;
import io.gatehouse.gateway.supervise.RunFiles;
import io.gatehouse.gateway.supervise.Supervisor;
import java.util.List;
import java.util.Optional;

/**
 * Runs parts in the foreground until a signal comes (exit code 0) or a part cannot be kept running (1, or 2 for a mistake in the
 * configuration). For one run; thread-safe.
 */
public final class Foreground {
    private final Supervisor supervisor;
    private final RunFiles files;
    private final Supervisor.Events errors;

    /** @param errors is told why it ends, when that was not asked for */
    public Foreground(List<Part> parts, RunFiles files, Supervisor.Events events, Supervisor.Events errors) {
        this.supervisor = new Supervisor(parts, RestartRules.standard(), files, events);
        this.files = files;
        this.errors = errors;
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
                    Runtime.getRuntime()
                            .halt(supervisor.failure().map(Failure::exit).orElse(0));
                },
                "on-signal");
        Runtime.getRuntime().addShutdownHook(onSignal);
        try (supervisor) {
            supervisor.start();
            if (supervisor.awaitReady()) {
                whenReady.run();
            }
            Optional<Failure> failure = supervisor.awaitStop();
            failure.ifPresent(why -> errors.tell("gatehouse: " + why.reason()));
            supervisor.close();
            return failure.map(Failure::exit).orElse(0);
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
