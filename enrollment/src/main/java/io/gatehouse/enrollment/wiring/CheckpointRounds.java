package io.gatehouse.enrollment.wiring;

import io.gatehouse.enrollment.app.AuditCheckpoints;
import io.gatehouse.enrollment.ca.DelayedExecutor;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks every second whether a checkpoint of the audit is due, and makes the last one at the end. */
final class CheckpointRounds implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CheckpointRounds.class);
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);
    private static final long LAST_COPY = 1_000; // milliseconds

    private final AuditCheckpoints checkpoints;
    private final DelayedExecutor later;

    private CheckpointRounds(AuditCheckpoints checkpoints, DelayedExecutor later) {
        this.checkpoints = checkpoints;
        this.later = later;
    }

    static CheckpointRounds start(AuditCheckpoints checkpoints, DelayedExecutor later) {
        var rounds = new CheckpointRounds(checkpoints, later);
        rounds.again();
        return rounds;
    }

    private void again() {
        later.after(BETWEEN_LOOKS, () -> {
            try {
                checkpoints.look();
            } catch (RuntimeException e) {
                LOG.error("no checkpoint of the audit could be made", e);
            }
            again();
        });
    }

    @Override
    public void close() {
        checkpoints.now();
        var copying = new Thread(this::lastCopy, "last checkpoint");
        copying.setDaemon(true);
        copying.start();
        try {
            copying.join(LAST_COPY);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What does not get through in this time does after the next start. */
    private void lastCopy() {
        try {
            checkpoints.copy();
        } catch (RuntimeException e) {
            LOG.debug("the last checkpoint is copied after the next start", e);
        }
    }
}
