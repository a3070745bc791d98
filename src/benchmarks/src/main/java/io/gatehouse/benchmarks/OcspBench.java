package io.gatehouse.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;

/**
 * How many OCSP questions the responder answers, over connections that stay open: from the cache by POST and by GET, and with a nonce, so that
 * each answer is looked up and signed for its asker alone. The clients share the machine with the service.
 */
public final class OcspBench extends PlainBench {
    private static final int DEVICES = 200;
    private static final int CLIENTS = 8;
    private static final int WARM_UP = 20_000;
    private static final int CACHED = 60_000;
    private static final int SIGNED = 20_000;
    private static final int NONCE = 32;

    @Override
    public String name() {
        return "ocsp";
    }

    @Override
    public String description() {
        return "OCSP answers from the cache by POST and GET, and signed one by one";
    }

    @Override
    Report measure(PrintStream err) throws IOException {
        try (BenchHome home = BenchHome.start()) {
            return measure(home, err);
        }
    }

    private static Report measure(BenchHome home, PrintStream err) throws IOException {
        err.println("enrolling " + DEVICES + " devices ...");
        List<byte[]> ids = new ArrayList<>();
        for (X509Certificate certificate : Fleet.enrolled(home, "asked", DEVICES)) {
            ids.add(OcspAsker.certId(home.devicesCa(), certificate.getSerialNumber()));
        }
        List<byte[]> posts =
                ids.stream().map(OcspAsker::request).map(OcspAsker::post).toList();
        List<byte[]> gets =
                ids.stream().map(OcspAsker::request).map(OcspAsker::get).toList();
        Report report = new Report("ocsp", home.provider());
        err.println("asking ...");
        row(report, home, "cached-post", CACHED, i -> posts.get(i % DEVICES));
        row(report, home, "cached-get", CACHED, i -> gets.get(i % DEVICES));
        row(report, home, "uncached", SIGNED, i -> OcspAsker.post(OcspAsker.request(ids.get(i % DEVICES), nonce())));
        return report;
    }

    private static void row(Report report, BenchHome home, String name, int count, IntFunction<byte[]> request) {
        ask(home, WARM_UP, request);
        long cpu = home.serviceCpu().toNanos();
        long start = System.nanoTime();
        Millis latency = ask(home, count, request);
        double seconds = Millis.between(start, System.nanoTime()) / 1_000;
        double micros = (home.serviceCpu().toNanos() - cpu) / 1e3 / count;
        report.row(name)
                .count("n", count)
                .figure("perSecond", count / seconds)
                .figure("serverCpuMicros", micros)
                .figure("p50Millis", latency.percentile(50))
                .figure("p99Millis", latency.percentile(99));
    }

    private static Millis ask(BenchHome home, int count, IntFunction<byte[]> request) {
        double[] millis = new double[count];
        AtomicInteger next = new AtomicInteger();
        Callable<Integer> client = () -> {
            try (OcspAsker asker = OcspAsker.connect(home.port("pki"))) {
                for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
                    byte[] http = request.apply(i);
                    long sent = System.nanoTime();
                    asker.ask(http);
                    millis[i] = Millis.between(sent, System.nanoTime());
                }
            }
            return count;
        };
        ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
        try {
            for (Future<Integer> done : threads.invokeAll(Collections.nCopies(CLIENTS, client))) {
                done.get();
            }
            return Millis.of(millis);
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

    private static byte[] nonce() {
        byte[] nonce = new byte[NONCE];
        ThreadLocalRandom.current().nextBytes(nonce);
        return nonce;
    }
}
