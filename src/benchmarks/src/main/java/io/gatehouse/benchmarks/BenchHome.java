package io.gatehouse.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gatehouse.x509.Pem;
import io.gatehouse.x509.TrustDomain;
import io.gatehouse.x509.der.MalformedException;
import io.gatehouse.x509.tls.ClientIdentity;
import io.gatehouse.x509.tls.ServerRole;
import io.gatehouse.x509.tls.ServiceTrust;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;

/** A Gatehouse of the benchmark's own: {@code gatehouse up} in a temporary home, on free ports. Closing it deletes everything. */
final class BenchHome implements AutoCloseable {
    private static final int READY_SECONDS = 90;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path home;
    private final Process process;
    private final JsonNode ports;
    private final List<X509Certificate> services;
    private final List<X509Certificate> devices;
    private final boolean own;

    private BenchHome(Path home, Process process, boolean own) throws IOException, MalformedException {
        this.home = home;
        this.own = own;
        this.process = process;
        this.ports = JSON.readTree(home.resolve("run/ports.json").toFile());
        this.services = Pem.certificates(Files.readString(home.resolve("pki/trust.pem")));
        this.devices = Pem.certificates(Files.readString(home.resolve("pki/devices.pem")));
    }

    static BenchHome start() {
        try {
            Path home = Files.createTempDirectory("gatehouse-bench-");
            List<String> ports =
                    List.of("--enroll-port", "0", "--admin-port", "0", "--pki-port", "0", "--mqtt-port", "0");
            return up(home, ports, true);
        } catch (IOException | MalformedException broken) {
            throw new BenchFailed("cannot start: " + broken.getMessage(), broken);
        }
    }

    /** On the home of a service that does not run; that one deletes it. */
    static BenchHome start(ServiceHome stopped) {
        try {
            return up(stopped.root(), List.of("--unlock-file", stopped.unlock().toString()), false);
        } catch (IOException | MalformedException broken) {
            throw new BenchFailed("cannot start: " + broken.getMessage(), broken);
        }
    }

    private static BenchHome up(Path home, List<String> options, boolean own) throws IOException, MalformedException {
        String stage = System.getProperty("gatehouse.stage");
        if (stage == null) {
            throw new BenchFailed("the property gatehouse.stage does not say where the command is");
        }
        List<String> command = new ArrayList<>(
                List.of(Path.of(stage, "bin", "gatehouse").toString(), "up", "--home", home.toString()));
        command.addAll(options);
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(Files.createTempFile("gatehouse-bench-", ".log").toFile())
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
        awaitReady(home, process);
        return new BenchHome(home, process, own);
    }

    int port(String name) {
        return ports.path(name).asInt();
    }

    /** What all threads of the service have used of the processors since its start, its compiler's among them. */
    Duration serviceCpu() {
        return ProcessTime.of(pid("service")).whole();
    }

    /** The processor time of the broker's process. */
    ProcessTime brokerTime() {
        return ProcessTime.of(pid("broker"));
    }

    private long pid(String part) {
        try {
            return Long.parseLong(
                    Files.readString(home.resolve("run/" + part + ".pid")).strip());
        } catch (IOException broken) {
            throw new BenchFailed("the " + part + " does not run", broken);
        }
    }

    String authorization() throws IOException {
        return "Bearer " + Files.readString(home.resolve("secrets/admin-token")).strip();
    }

    /** The crypto provider, in the service's own words. */
    String provider() throws IOException {
        try (KeepAlive admin = KeepAlive.open(port("admin"), service())) {
            return JSON.readTree(admin.get("/api/v1/status", authorization()).body())
                    .path("provider")
                    .asText("unknown");
        }
    }

    /** For the enroll and admin ports. */
    SSLContext service() {
        return ServiceTrust.of(services, ServerRole.enrollmentService(TrustDomain.DEFAULT), InstantSource.system())
                .sslContext();
    }

    /** For the broker, as that device. */
    SSLContext broker(ClientIdentity device) {
        return ServiceTrust.of(services, ServerRole.anyBroker(TrustDomain.DEFAULT), InstantSource.system())
                .sslContext(device);
    }

    /** What a device sends behind its own certificate. */
    X509Certificate devicesCa() {
        return devices.get(1);
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
            if (own) {
                deleteHome();
            }
        } catch (IOException broken) {
            throw new BenchFailed("left behind: " + home, broken);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static void awaitReady(Path home, Process process) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(READY_SECONDS);
        while (!Files.isRegularFile(home.resolve("run/ports.json"))) {
            if (!process.isAlive() || System.nanoTime() - deadline > 0) {
                process.destroy();
                throw new BenchFailed("gatehouse up did not become ready");
            }
            pause();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(20);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new BenchFailed("interrupted", interrupted);
        }
    }

    private void deleteHome() throws IOException {
        List<Path> deepestFirst;
        try (Stream<Path> tree = Files.walk(home)) {
            deepestFirst = tree.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path each : deepestFirst) {
            Files.deleteIfExists(each);
        }
    }
}
