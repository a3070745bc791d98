package io.gatehouse.gateway.supervise;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Keeps parts running. A part that dies is started again after a growing delay while the others go on; a part that keeps dying, or
 * does not get ready in time, stops them all. Children hold the other end of a pipe of this process and end when it closes, also
 * when this process is killed. Safe for use by many threads.
 */
public final class Supervisor implements AutoCloseable {
    private final List<PartKeeper> keepers = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final CountDownLatch stop = new CountDownLatch(1);
    private final AtomicReference<Failure> failure = new AtomicReference<>();

    public Supervisor(List<Part> parts, RestartRules rules, RunFiles files, Events events) {
        for (Part part : parts) {
            keepers.add(new PartKeeper(part, rules, files, events, stop, this::fail));
        }
    }

    /** What happens to the parts, for the person in front of the terminal. Called by several threads. */
    @FunctionalInterface
    public interface Events {
        void tell(String line);
    }

    /** Starts all parts, side by side, and returns at once. */
    public synchronized void start() {
        for (PartKeeper keeper : keepers) {
            Thread thread = new Thread(keeper, "keeper-" + keeper.name());
            threads.add(thread);
            thread.start();
        }
    }

    /** Waits until every part is ready or the supervisor has stopped. Returns whether all are ready. */
    public boolean awaitReady() throws InterruptedException {
        for (PartKeeper keeper : keepers) {
            if (!keeper.awaitReady()) {
                return false;
            }
        }
        return stop.getCount() != 0;
    }

    /** Whether every part was ready when it was last looked at. */
    public boolean isReady() {
        return stop.getCount() != 0 && keepers.stream().allMatch(PartKeeper::isReady);
    }

    /** Waits until the supervisor is told to stop or gives up. Returns the reason in the second case. */
    public Optional<Failure> awaitStop() throws InterruptedException {
        stop.await();
        return Optional.ofNullable(failure.get());
    }

    /** As {@link #awaitStop()}, at most so long; true when it stops. */
    public boolean awaitStop(Duration atMost) throws InterruptedException {
        return stop.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Why everything was stopped, if that was not asked for. */
    public Optional<Failure> failure() {
        return Optional.ofNullable(failure.get());
    }

    /** Tells all parts to end and returns when they have ended, or were killed. May be called more than once. */
    @Override
    public void close() {
        stop.countDown();
        boolean interrupted = false;
        List<Thread> waitFor;
        synchronized (this) {
            waitFor = List.copyOf(threads);
        }
        for (Thread thread : waitFor) {
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    interrupted = true; // the children must end first; their time is bounded
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void fail(Failure reason) {
        failure.compareAndSet(null, reason);
        stop.countDown();
    }
}
