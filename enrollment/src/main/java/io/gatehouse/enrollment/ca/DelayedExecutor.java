package io.gatehouse.enrollment.ca;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Runs things later, one at a time, on a thread of its own. */
@FunctionalInterface
public interface DelayedExecutor {
    /** Runs the task after that time, unless the process ends before. */
    void after(Duration delay, Runnable task);

    /** On a scheduler of one thread, which the caller ends; what comes after its end is dropped. */
    static DelayedExecutor on(ScheduledExecutorService scheduler) {
        return (delay, task) -> {
            try {
                // what fails is the task's own affair: it logs and asks for its next turn
                var unused = scheduler.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
            } catch (RejectedExecutionException e) {
                if (!scheduler.isShutdown()) {
                    throw e;
                }
            }
        };
    }
}
