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
    private Duration stepped = Duration.ZERO;

    ManualExecutor(MutableClock clock) {
        this.clock = clock;
        this.zero = clock.instant();
    }

    private record Task(Instant due, int number, Runnable action) {}

    @Override
    public void after(Duration delay, Runnable task) {
        tasks.add(new Task(passed().plus(delay), count++, task));
    }

    /** A monotonic clock. */
    long nanoTime() {
        return Duration.between(zero, passed()).toNanos();
    }

    /** Somebody sets the clock: no time passes. */
    void step(Duration by) {
        stepped = stepped.plus(by);
        clock.advance(by);
    }

    /** What the clock would show had nobody set it. */
    private Instant passed() {
        return clock.instant().minus(stepped);
    }

    /** Lets that much time pass. */
    void run(Duration time) {
        var end = passed().plus(time);
        while (true) {
            var next = tasks.stream().min(Comparator.comparing(Task::due).thenComparing(Task::number));
            if (next.isEmpty() || next.get().due().isAfter(end)) {
                break;
            }
            tasks.remove(next.get());
            if (next.get().due().isAfter(passed())) {
                clock.set(next.get().due().plus(stepped));
            }
            next.get().action().run();
        }
        if (end.isAfter(passed())) {
            clock.set(end.plus(stepped));
        }
    }
}
