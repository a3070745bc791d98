package io.gatehouse.enrollment.wiring;

import io.gatehouse.enrollment.ca.DelayedExecutor;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Something small that is done again and again, whatever became of it the last time. */
final class Regularly {
    private static final Logger LOG = LoggerFactory.getLogger(Regularly.class);

    private final DelayedExecutor executor;
    private final Duration pause;
    private final Runnable work;

    Regularly(DelayedExecutor executor, Duration pause, Runnable work) {
        this.executor = executor;
        this.pause = pause;
        this.work = work;
    }

    /** Begins, at once; {@code what} is for the log. */
    void start(String what) {
        executor.after(Duration.ZERO, () -> again(what));
    }

    private void again(String what) {
        try {
            work.run();
        } catch (RuntimeException e) {
            LOG.warn("{}: failed, again in {}: {}", what, pause, e.toString());
        } finally {
            executor.after(pause, () -> again(what));
        }
    }
}
