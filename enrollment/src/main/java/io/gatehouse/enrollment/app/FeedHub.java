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
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/** Gives brokers the directory: a snapshot, then every change right after its commit. Thread-safe. */
public final class FeedHub {
    private static final int AT_ONCE = 500;

    private final Registry registry;
    private final Presence presence;
    private final InstantSource clock;
    private final RecentChanges recent;
    private final Set<Delivery> deliveries = ConcurrentHashMap.newKeySet();
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

    /**
     * A stream from that position, or nothing when a snapshot is needed first. Who opens it looks once more whether the broker is still
     * registered: before that it may have been {@link #cut} too early to be found here.
     */
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
        var counted = presence.stream(broker, clock);
        return Optional.of(new Reader(
                deliver(broker, () -> {
                    counted.run();
                    recent.wake();
                }),
                revision));
    }

    /** What is to be closed when a snapshot has reached the broker. The same holds as for {@link #open}. */
    public Delivery deliver(BrokerName broker) {
        return deliver(broker, () -> {});
    }

    private Delivery deliver(BrokerName broker, Runnable ended) {
        var self = new AtomicReference<Delivery>();
        var delivery = new Delivery(broker, () -> {
            deliveries.remove(self.get());
            ended.run();
        });
        self.set(delivery);
        deliveries.add(delivery);
        return delivery;
    }

    /** Ends everything that is on its way to that broker, now, and forgets how it was: it was removed, or the name is another node's. */
    public void cut(BrokerName broker) {
        presence.forget(broker);
        deliveries.stream().filter(delivery -> delivery.broker().equals(broker)).forEach(Delivery::cut);
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

        /** What its lines are to be written through. */
        Delivery delivery();

        @Override
        void close();
    }

    private final class Reader implements Stream {
        private final Delivery delivery;
        private long position;

        Reader(Delivery delivery, long position) {
            this.delivery = delivery;
            this.position = position;
        }

        @Override
        public List<ChangeLine> next(Duration timeout) throws InterruptedException {
            if (!recent.awaitAfter(position, timeout, delivery::isOpen) || !isOpen()) {
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
            return delivery.isOpen();
        }

        @Override
        public Delivery delivery() {
            return delivery;
        }

        @Override
        public void close() {
            delivery.close();
        }
    }
}
