package io.gatehouse.enrollment.app;

import io.gatehouse.enrollment.app.port.Registry;
import io.gatehouse.enrollment.app.port.View.ChangeLine;
import io.gatehouse.enrollment.app.port.View.Position;
import io.gatehouse.identity.BrokerName;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Gives brokers the directory: a snapshot, then every change right after its commit. Thread-safe. */
public final class FeedHub {
    public FeedHub(Registry registry, InstantSource clock) {}

    /** The epoch and the last revision that is durable. */
    public Position position() {
        return Soon.soon();
    }

    /** A stream from that position, or nothing when a snapshot is needed first. */
    public Optional<Stream> open(BrokerName broker, Optional<Position> after) {
        return Soon.soon();
    }

    /** Writes the lines of a snapshot, each with its line feed, from one consistent state, in bounded memory. */
    public void snapshot(BrokerName broker, Consumer<byte[]> sink) {
        Soon.later();
    }

    /** The changes for one broker. For one thread; {@link #close} from any. */
    public interface Stream extends AutoCloseable {
        /** The next changes, in order and without holes; empty when there were none in that time. */
        List<ChangeLine> next(Duration timeout) throws InterruptedException;

        /** False when the stream was closed, or when it fell behind what is kept: the reader must take a snapshot. */
        boolean isOpen();

        @Override
        void close();
    }
}
