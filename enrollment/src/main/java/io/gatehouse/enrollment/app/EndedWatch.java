package io.gatehouse.enrollment.app;

import io.gatehouse.enrollment.app.port.RegistryUnavailable;
import java.time.Duration;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the steps of {@link EndedCertificates}: every second, and sooner while many wait. It takes no more than a tenth of the time, so
 * that it makes way for others when the registry is busy. On one thread.
 */
public final class EndedWatch {
    private static final Logger LOG = LoggerFactory.getLogger(EndedWatch.class);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration SHORTEST = Duration.ofMillis(20);
    private static final int PAUSE_FACTOR = 9;

    private final EndedCertificates ended;
    private final BiConsumer<Duration, Runnable> later;
    private final LongSupplier nanoTime;

    /** @param later runs a task after that time, one at a time */
    public EndedWatch(EndedCertificates ended, BiConsumer<Duration, Runnable> later, LongSupplier nanoTime) {
        this.ended = ended;
        this.later = later;
        this.nanoTime = nanoTime;
    }

    /** Begins to look. To be called once. */
    public void start() {
        later.accept(PAUSE, this::look);
    }

    private void look() {
        long begin = nanoTime.getAsLong();
        boolean more = false;
        try {
            more = ended.step();
        } catch (RegistryUnavailable e) {
            LOG.debug("the registry is away or busy; certificates that ended wait", e);
        } catch (RuntimeException e) {
            LOG.error("certificates that ended cannot be taken out of the directory; it is tried again", e);
        } finally {
            var took = Duration.ofNanos(PAUSE_FACTOR * (nanoTime.getAsLong() - begin));
            var least = more ? SHORTEST : PAUSE;
            later.accept(took.compareTo(least) > 0 ? took : least, this::look);
        }
    }
}
