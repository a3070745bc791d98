package io.gatehouse.broker.control;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs tasks later or again and again, off the callbacks' threads. A task that throws is logged and, if repeated, goes on. */
public final class Later {
    private static final Logger LOG = LoggerFactory.getLogger(Later.class);

    private final ScheduledExecutorService executor;

    public Later(ScheduledExecutorService executor) {
        this.executor = executor;
    }

    public void after(long millis, Runnable task) {
        submit(() -> executor.schedule(guarded(task), millis, TimeUnit.MILLISECONDS));
    }

    public void every(long millis, Runnable task) {
        submit(() -> executor.scheduleWithFixedDelay(guarded(task), millis, millis, TimeUnit.MILLISECONDS));
    }

    public void now(Runnable task) {
        after(0, task);
    }

    private static void submit(Supplier<ScheduledFuture<?>> how) {
        try {
            ScheduledFuture<?> unused = how.get();
        } catch (RejectedExecutionException e) {
            LOG.debug("The broker is stopping; a task is left out.");
        }
    }

    private static Runnable guarded(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (RuntimeException | Error e) {
                LOG.error("A task failed.", e);
            }
        };
    }
}
