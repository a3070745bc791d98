package io.gatehouse.enrollment.ca;

import io.gatehouse.testkit.MutableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Runs what is due when a test lets time pass; the test's clock goes with it. */
final class ManualExecutor implements DelayedExecutor {
    private final MutableClock clock;
    private final Instant zero;
    private final List<Task> tasks = new ArrayList<>();
    private int count;

    ManualExecutor(MutableClock clock) {
        this.clock = clock;
        this.zero = clock.instant();
    }

    private record Task(Instant due, int number, Runnable action) {}

    @Override
    public void after(Duration delay, Runnable task) {
        tasks.add(new Task(clock.instant().plus(delay), count++, task));
    }

    /** A monotonic clock. */
    long nanoTime() {
        return Duration.between(zero, clock.instant()).toNanos();
    }

    /** Lets that much time pass. */
    void run(Duration time) {
        var end = clock.instant().plus(time);
        while (true) {
            var next = tasks.stream().min(Comparator.comparing(Task::due).thenComparing(Task::number));
            if (next.isEmpty() || next.get().due().isAfter(end)) {
                break;
            }
            tasks.remove(next.get());
            if (next.get().due().isAfter(clock.instant())) {
                clock.set(next.get().due());
            }
            next.get().action().run();
        }
        if (end.isAfter(clock.instant())) {
            clock.set(end);
        }
    }
}
