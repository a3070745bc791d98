package io.gatehouse.enrollment.http;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The threads of a port's streams, one each, bounded. Thread-safe. */
final class Streams implements AutoCloseable {
    private final ExecutorService threads;

    Streams(String port, int most) {
        var numbers = new AtomicInteger();
        this.threads =
                new ThreadPoolExecutor(0, Math.max(1, most), 10, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
                    var thread = new Thread(task, port + "-stream-" + numbers.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
    }

    /** Whether there was a thread left for it. */
    boolean start(Runnable stream) {
        try {
            threads.execute(stream);
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    /** Interrupts all streams and gives them a moment to say goodbye. */
    @Override
    public void close() {
        threads.shutdownNow();
        try {
            threads.awaitTermination(1, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
