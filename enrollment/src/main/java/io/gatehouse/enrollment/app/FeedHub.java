package io.gatehouse.enrollment.app;

import io.gatehouse.enrollment.app.domain.Broker;
import io.gatehouse.enrollment.app.port.Registry;
import io.gatehouse.enrollment.app.port.View;
import io.gatehouse.enrollment.app.port.View.ChangeLine;
import io.gatehouse.enrollment.app.port.View.Position;
import io.gatehouse.identity.BrokerName;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** Gives brokers the directory: a snapshot, then every change right after its commit. Thread-safe. */
public final class FeedHub {
    private static final int AT_ONCE = 500;

    private final Registry registry;
    private final Presence presence;
    private final InstantSource clock;
    private final RecentChanges recent;
    private final Set<Reader> readers = ConcurrentHashMap.newKeySet();
    private final String epoch;

    public FeedHub(Registry registry, Presence presence, InstantSource clock) {
        this.registry = registry;
        this.presence = presence;
        this.clock = clock;
        this.recent = new RecentChanges();
        // First listen, then look where the directory stands: nothing falls in between.
        registry.listen((changes, nanos) -> recent.add(changes));
        var position = registry.read(View::position);
        recent.standsAt(position.revision());
        this.epoch = position.epoch();
    }

    /** The epoch and the last revision that is durable. */
    public Position position() {
        return new Position(epoch, recent.last());
    }

    /** A stream from that position, or nothing when a snapshot is needed first. */
    public Optional<Stream> open(BrokerName broker, Optional<Position> after) {
        if (after.isEmpty() || !after.get().epoch().equals(epoch)) {
            return Optional.empty();
        }
        long revision = after.get().revision();
        boolean kept = revision >= 0 && revision <= recent.last() && registry.read(View::oldestChange) <= revision + 1;
        if (!kept) {
            return Optional.empty();
        }
        markSynchronised(broker, revision);
        presence.stream(broker, 1, clock.instant());
        var reader = new Reader(broker, revision);
        readers.add(reader);
        return Optional.of(reader);
    }

    /** Ends every stream of that broker, now. */
    public void cut(BrokerName broker) {
        readers.stream().filter(reader -> reader.broker.equals(broker)).forEach(Reader::close);
    }

    /** Writes the lines of a snapshot, each with its line feed, from one consistent state, in bounded memory. */
    public void snapshot(BrokerName broker, Consumer<byte[]> sink) {
        // Durable before the broker has anything: from now on it may hold sessions, and a revocation has to ask it.
        markSynchronised(broker, 0);
        registry.read(view -> {
            view.snapshot(clock.instant(), sink);
            return true;
        });
    }

    /** Written once: a registry that cannot be written must not keep the directory from its brokers. */
    private void markSynchronised(BrokerName name, long revision) {
        boolean marked = registry.read(
                view -> view.broker(name).flatMap(Broker::position).isPresent());
        if (marked) {
            return;
        }
        registry.write(transaction -> {
            var now = clock.instant();
            var known = transaction.broker(name);
            known.ifPresent(broker -> transaction.save(broker.seen(Optional.of(now), Optional.of(revision))));
            return known.isPresent();
        });
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

    private final class Reader implements Stream {
        private final BrokerName broker;
        private final AtomicBoolean open = new AtomicBoolean(true);
        private long position;

        Reader(BrokerName broker, long position) {
            this.broker = broker;
            this.position = position;
        }

        @Override
        public List<ChangeLine> next(Duration timeout) throws InterruptedException {
            if (!recent.awaitAfter(position, timeout, open::get) || !open.get()) {
                return List.of();
            }
            var changes = recent.after(position, AT_ONCE)
                    .orElseGet(() -> registry.read(view -> view.changes(position, AT_ONCE)));
            for (var change : changes) {
                if (change.revision() != position + 1) {
                    close();
                    return List.of();
                }
                position = change.revision();
            }
            if (changes.isEmpty()) {
                close();
            }
            return changes;
        }

        @Override
        public boolean isOpen() {
            return open.get();
        }

        @Override
        public void close() {
            if (open.getAndSet(false)) {
                readers.remove(this);
                presence.stream(broker, -1, clock.instant());
                recent.wake();
            }
        }
    }
}
