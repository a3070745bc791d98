package io.gatehouse.enrollment.app;

import io.gatehouse.identity.BrokerName;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What is on its way to one broker, a snapshot or a stream. When the broker is removed it ends at once, also when its writer waits for a
 * peer that takes nothing. Thread-safe; one writer.
 */
public final class Delivery implements AutoCloseable {
    /** Writes to the network. */
    @FunctionalInterface
    public interface Write {
        void run() throws IOException;
    }

    private final BrokerName broker;
    private final Runnable ended;
    private volatile boolean open = true;
    private @Nullable Thread writer;

    Delivery(BrokerName broker, Runnable ended) {
        this.broker = broker;
        this.ended = ended;
    }

    BrokerName broker() {
        return broker;
    }

    public boolean isOpen() {
        return open;
    }

    /** Runs the write, which {@link FeedHub#cut} interrupts; an IOException when it was cut before, or is while it runs. */
    public void write(Write write) throws IOException {
        synchronized (this) {
            requireOpen();
            writer = Thread.currentThread();
        }
        try {
            write.run();
        } finally {
            synchronized (this) {
                writer = null;
            }
        }
        requireOpen();
    }

    /** Throws an IOException when it has ended. */
    public void requireOpen() throws IOException {
        if (!open) {
            throw new IOException("broker " + broker + " was removed");
        }
    }

    @Override
    public void close() {
        end(false);
    }

    void cut() {
        end(true);
    }

    private void end(boolean interrupting) {
        synchronized (this) {
            if (!open) {
                return;
            }
            open = false;
            if (interrupting && writer != null) {
                writer.interrupt();
            }
        }
        ended.run();
    }
}
