package io.gatehouse.enrollment.app;

import io.gatehouse.enrollment.app.port.RegistryUnavailable;
import java.time.Duration;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes steps of work that is never done: every second, and sooner while more of it waits. After each it rests so many times as long as that took,
 * so that it makes way for others when the registry is large or busy. On one thread.
 */
public final class StepWatch {
    /** What is done a step at a time. */
    public interface Work {
        /** One step; whether the next is due at once. Throws RegistryUnavailable when it cannot be done now. */
        boolean step();
    }

    private static final Logger LOG = LoggerFactory.getLogger(StepWatch.class);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration SHORTEST = Duration.ofMillis(20);

    private final String name;
    private final Work work;
    private final int restFactor;
    private final BiConsumer<Duration, Runnable> later;
    private final LongSupplier nanoTime;

    /**
     * @param name what the log calls it
     * @param later runs a task after that time, one at a time
     */
    public StepWatch(
            String name, Work work, int restFactor, BiConsumer<Duration, Runnable> later, LongSupplier nanoTime) {
        this.name = name;
        this.work = work;
        this.restFactor = restFactor;
        this.later = later;
        this.nanoTime = nanoTime;
    }

    /** Begins. To be called once. */
    public void start() {
        later.accept(PAUSE, this::look);
    }

    private void look() {
        long begin = nanoTime.getAsLong();
        boolean more = false;
        try {
            more = work.step();
        } catch (RegistryUnavailable e) {
            LOG.debug("{}: the registry is away or busy; it goes on when it is back", name, e);
        } catch (RuntimeException e) {
            LOG.error("{} cannot go on; it is tried again", name, e);
        } finally {
            var rest = Duration.ofNanos(restFactor * (nanoTime.getAsLong() - begin));
            var least = more ? SHORTEST : PAUSE;
            later.accept(rest.compareTo(least) > 0 ? rest : least, this::look);
        }
    }
}
