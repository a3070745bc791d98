package io.gatehouse.enrollment.app;

import io.gatehouse.enrollment.app.port.RegistryUnavailable;
import java.time.Duration;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the steps of a rotation as they become due: every second while brokers are waited for, and so seldom while an older CA is to
 * retire that looking takes no more than a fiftieth of the time. On one thread.
 */
public final class RotationWatch {
    private static final Logger LOG = LoggerFactory.getLogger(RotationWatch.class);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final int PAUSE_FACTOR = 50;

    private final Rotation rotation;
    private final BiConsumer<Duration, Runnable> later;
    private final LongSupplier nanoTime;

    /** @param later runs a task after that time, one at a time */
    public RotationWatch(Rotation rotation, BiConsumer<Duration, Runnable> later, LongSupplier nanoTime) {
        this.rotation = rotation;
        this.later = later;
        this.nanoTime = nanoTime;
    }

    /** Begins to look. To be called once. */
    public void start() {
        later.accept(PAUSE, this::look);
    }

    private void look() {
        long begin = nanoTime.getAsLong();
        try {
            if (rotation.advance()) {
                LOG.info(
                        "devices CAs: {}",
                        rotation.list().stream()
                                .map(ca -> ca.name() + " " + ca.state().word())
                                .toList());
            }
        } catch (RegistryUnavailable e) {
            LOG.debug("the registry is away; the rotation goes on when it is back", e);
        } catch (RuntimeException e) {
            LOG.error("the rotation of the devices CA cannot go on; it is tried again", e);
        } finally {
            var pause = Duration.ofNanos(PAUSE_FACTOR * (nanoTime.getAsLong() - begin));
            later.accept(pause.compareTo(PAUSE) > 0 ? pause : PAUSE, this::look);
        }
    }
}
