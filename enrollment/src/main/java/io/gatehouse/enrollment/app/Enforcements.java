package io.gatehouse.enrollment.app;

import io.gatehouse.admission.feed.Report;
import io.gatehouse.enrollment.app.domain.Broker;
import io.gatehouse.enrollment.app.domain.Enforcement;
import io.gatehouse.enrollment.app.domain.Enforcement.AtBroker;
import io.gatehouse.enrollment.app.port.Registry;
import io.gatehouse.identity.BrokerName;
import io.gatehouse.identity.DeviceId;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/** Waits for the brokers to confirm a revision, and remembers what they confirmed. In memory; thread-safe. */
public final class Enforcements {
    private static final int KEPT = 10_000;
    private static final long MILLI = 1_000_000;

    private final Registry registry;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition reported = lock.newCondition();
    private final Map<BrokerName, NavigableMap<Long, Confirmation>> confirmations = new HashMap<>();

    /** All up to a revision is enforced; {@code sessions} were closed because of exactly that one. */
    private record Confirmation(long nanos, int sessions) {}

    public Enforcements(Registry registry) {
        this.registry = registry;
    }

    /** What every broker that may hold a session has confirmed of this commit within the time. */
    public Enforcement await(DeviceId device, Registry.Commit<?> commit, Duration wait) {
        return await(device, commit, wait, broker -> true);
    }

    /** The same, but of these brokers alone. */
    Enforcement await(DeviceId device, Registry.Commit<?> commit, Duration wait, Predicate<BrokerName> concerned) {
        // A broker that never had the directory admits nobody, so it can hold no session.
        List<BrokerName> brokers = registry.read(view -> view.brokers().stream()
                .filter(broker -> broker.position().isPresent())
                .map(Broker::name)
                .filter(concerned)
                .toList());
        long revision = commit.revision().orElse(commit.current());
        lock.lock();
        try {
            long left = wait.toNanos();
            while (left > 0
                    && !brokers.stream()
                            .allMatch(name -> confirmation(name, revision).isPresent())) {
                left = reported.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            // the act is done; the answer tells what is known by now
            Thread.currentThread().interrupt();
        }
        try {
            return outcome(device, brokers, revision, commit.nanos());
        } finally {
            lock.unlock();
        }
    }

    void confirm(BrokerName broker, Report report, long nanos) {
        lock.lock();
        try {
            var theirs = confirmations.computeIfAbsent(broker, name -> new TreeMap<>());
            theirs.putIfAbsent(report.revision(), new Confirmation(nanos, 0));
            for (var enforced : report.enforced()) {
                theirs.merge(
                        enforced.revision(),
                        new Confirmation(nanos, enforced.sessions()),
                        (old, fresh) -> new Confirmation(old.nanos(), old.sessions() + fresh.sessions()));
            }
            while (theirs.size() > KEPT) {
                theirs.pollFirstEntry();
            }
            reported.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private Optional<Confirmation> confirmation(BrokerName broker, long revision) {
        var theirs = confirmations.getOrDefault(broker, new TreeMap<>());
        var entry = theirs.ceilingEntry(revision);
        return entry == null
                ? Optional.empty()
                : Optional.of(new Confirmation(
                        entry.getValue().nanos(),
                        entry.getKey() == revision ? entry.getValue().sessions() : 0));
    }

    private Enforcement outcome(DeviceId device, List<BrokerName> names, long revision, long since) {
        var brokers = names.stream()
                .map(name -> confirmation(name, revision)
                        .map(found -> new AtBroker(name, true, found.sessions(), millis(found.nanos() - since)))
                        .orElseGet(() -> new AtBroker(name, false, 0, millis(System.nanoTime() - since))))
                .toList();
        return new Enforcement(
                device,
                brokers.stream().mapToInt(AtBroker::sessions).sum(),
                brokers.stream().mapToLong(AtBroker::millis).max().orElse(0),
                brokers);
    }

    private static long millis(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(Math.max(nanos, 0) + MILLI - 1);
    }
}
