package io.gatehouse.benchmarks;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** Work of several clients at once against one service, timed. */
final class Load {
    /**
     * What came of it.
     *
     * @param serverCpuMicros processor time of the service's whole process for each request
     */
    record Figures(int count, double perSecond, double serverCpuMicros, Millis latency) {
        void into(Report.Row row) {
            row.count("n", count)
                    .figure("perSecond", perSecond)
                    .figure("serverCpuMicros", serverCpuMicros)
                    .figure("p50Millis", latency.percentile(50))
                    .figure("p99Millis", latency.percentile(99));
        }
    }

    /** One request of one client. */
    interface Request {
        void send(int number) throws Exception;
    }

    /** A client with a state of its own, such as an open connection; closed at the end. */
    interface Client extends Request, AutoCloseable {
        @Override
        default void close() throws IOException {}
    }

    private Load() {}

    /** Sends the requests 0 to {@code count - 1}, each once, by so many clients at once. */
    static Figures run(ServiceHome service, int clients, int count, Callable<Client> opened) {
        return run(service::cpu, clients, count, opened);
    }

    /** The same, against the server whose processor time that is. */
    static Figures run(Supplier<Duration> cpuOfServer, int clients, int count, Callable<Client> opened) {
        double[] millis = new double[count];
        AtomicInteger next = new AtomicInteger();
        long cpu = cpuOfServer.get().toNanos();
        long start = System.nanoTime();
        parallel(clients, part -> {
            try (Client client = opened.call()) {
                for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
                    long sent = System.nanoTime();
                    client.send(i);
                    millis[i] = Millis.between(sent, System.nanoTime());
                }
            }
            return part;
        });
        double seconds = Millis.between(start, System.nanoTime()) / 1000;
        double micros = (cpuOfServer.get().toNanos() - cpu) / 1e3 / count;
        return new Figures(count, count / seconds, micros, Millis.of(millis));
    }

    /** A part of the work. */
    interface Part<T> {
        T run(int part) throws Exception;
    }

    /** Runs the parts 0 to {@code parts - 1} at once; fails when one of them does. */
    static <T> List<T> parallel(int parts, Part<T> work) {
        ExecutorService threads = Executors.newFixedThreadPool(parts);
        try {
            List<Callable<T>> tasks = new ArrayList<>();
            for (int i = 0; i < parts; i++) {
                int part = i;
                tasks.add(() -> work.run(part));
            }
            List<T> results = new ArrayList<>();
            for (Future<T> done : threads.invokeAll(tasks)) {
                results.add(done.get());
            }
            return results;
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof BenchFailed known
                    ? known
                    : new BenchFailed("a client failed: " + failed.getCause(), failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new BenchFailed("interrupted", interrupted);
        } finally {
            threads.shutdownNow();
        }
    }
}
