package io.gatehouse.benchmarks;

import io.gatehouse.admission.client.LinkSettings;
import io.gatehouse.admission.client.ServiceLink;
import io.gatehouse.admission.decision.Admission;
import io.gatehouse.admission.decision.ConnectRequest;
import io.gatehouse.admission.decision.Decision;
import io.gatehouse.admission.replica.Directory;
import io.gatehouse.admission.replica.View;
import io.gatehouse.identity.Fingerprint;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;

/**
 * What a directory of a million devices with a certificate each costs a broker. The packaged service gives it over its own feed, with the
 * heap of its configuration; the broker's side is the extension's own link, replica and decision in this process.
 */
final class MillionDevices {
    private static final int ASKED = 200_000;
    private static final int ROUNDS = 5;
    private static final long PATIENCE_SECONDS = 300;

    private final ServiceHome service;
    private final int devices;
    private final Path replica;

    private MillionDevices(ServiceHome service, int devices, Path replica) {
        this.service = service;
        this.devices = devices;
        this.replica = replica;
    }

    static void measure(Report report, int devices, PrintStream err) throws IOException {
        try (ServiceHome service = ServiceHome.init()) {
            err.println("filling a registry with " + devices + " devices ...");
            String model = MillionRegistry.renewed(service.start());
            service.stop();
            RegistryFill.fillHalf(service.database(), model, devices);
            service.start();
            Path replica = Files.createTempDirectory("gatehouse-bench-replica-");
            try {
                new MillionDevices(service, devices, replica).into(report.row("devices-" + devices), err);
            } finally {
                delete(replica);
            }
        }
    }

    private void into(Report.Row row, PrintStream err) throws IOException {
        List<ConnectRequest> requests = requests();
        long before = usedHeap();
        err.println("taking the snapshot ...");
        CountDownLatch whole = new CountDownLatch(1);
        long asked = System.nanoTime();
        double snapshotSeconds;
        double[] micros;
        long heap;
        try (ServiceLink link = link(whole)) {
            link.start();
            await(whole);
            snapshotSeconds = Millis.between(asked, System.nanoTime()) / 1_000;
            requireAll(link.directory());
            err.println("deciding ...");
            micros = decide(link.directory(), requests);
        }
        long read = System.nanoTime();
        try (ServiceLink link = link(new CountDownLatch(1))) {
            double restartSeconds = Millis.between(read, System.nanoTime()) / 1_000;
            requireAll(link.directory());
            heap = usedHeap() - before;
            Millis times = Millis.of(micros);
            row.count("devices", devices)
                    .count("n", times.count())
                    .figure("heapBytesPerDevice", (double) heap / devices)
                    .figure("p50Micros", times.percentile(50))
                    .figure("p99Micros", times.percentile(99))
                    .figure("snapshotSeconds", snapshotSeconds)
                    .figure("restartSeconds", restartSeconds)
                    .figure("replicaMegabytes", replicaBytes() / 1e6)
                    .count("serviceHeapMegabytes", service.heapMegabytes());
        }
    }

    private ServiceLink link(CountDownLatch whole) {
        SSLContext tls = service.asBroker();
        URI uri = URI.create("https://localhost:" + service.enrollPort());
        return ServiceLink.open(new LinkSettings(List.of(uri), replica), () -> tls, InstantSource.system(), applied -> {
            if (applied.full()) {
                whole.countDown();
            }
        });
    }

    private static void await(CountDownLatch whole) {
        try {
            if (!whole.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new BenchFailed("no snapshot within " + PATIENCE_SECONDS + " s");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new BenchFailed("interrupted", interrupted);
        }
    }

    private void requireAll(Directory directory) {
        int there = directory.read(View::certificates);
        if (there < devices) {
            throw new BenchFailed("only " + there + " certificates arrived");
        }
    }

    /** Microseconds of each decision of the last round: on one thread, everybody is admitted, no two of a round are the same. */
    private static double[] decide(Directory directory, List<ConnectRequest> requests) {
        Admission admission = new Admission(Duration.ofHours(24));
        double[] micros = new double[requests.size()];
        for (int round = 0; round < ROUNDS; round++) {
            for (int i = 0; i < micros.length; i++) {
                long start = System.nanoTime();
                Decision decision = admission.decide(requests.get(i), directory);
                micros[i] = Millis.between(start, System.nanoTime()) * 1_000;
                if (!(decision instanceof Decision.Admit)) {
                    throw new BenchFailed("a device that was not admitted: " + decision);
                }
            }
        }
        return micros;
    }

    /** Devices of the whole registry, in no order, each with its certificate. */
    private List<ConnectRequest> requests() {
        List<ConnectRequest> all = new ArrayList<>();
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + service.database());
                Statement sql = connection.createStatement();
                ResultSet rows = sql.executeQuery("SELECT d.name, c.sha256 FROM certificate c JOIN device d"
                        + " ON d.id = c.device_id WHERE d.name LIKE 'm-%' AND c.id % " + Math.max(1, devices / ASKED)
                        + " = 0")) {
            Instant now = Instant.now();
            while (rows.next()) {
                Fingerprint sha256 = Fingerprint.of(HexFormat.of().formatHex(rows.getBytes(2)));
                all.add(new ConnectRequest(Optional.of(sha256), rows.getString(1), "tls", now));
            }
        } catch (SQLException broken) {
            throw new BenchFailed("cannot read the registry: " + broken.getMessage(), broken);
        }
        Collections.shuffle(all, new Random(1));
        return all;
    }

    private static long usedHeap() {
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        for (int i = 0; i < 3; i++) {
            memory.gc();
        }
        return memory.getHeapMemoryUsage().getUsed();
    }

    private long replicaBytes() throws IOException {
        return Files.size(replica.resolve("replica"));
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }
}
