package io.gatehouse.benchmarks;

import io.gatehouse.enrollment.config.ConfigFile;
import io.gatehouse.enrollment.config.Home;
import io.gatehouse.enrollment.config.ServiceConfig;
import io.gatehouse.gateway.install.JavaCommands;
import io.gatehouse.gateway.install.Stage;
import io.gatehouse.x509.Pem;
import io.gatehouse.x509.TrustDomain;
import io.gatehouse.x509.der.MalformedException;
import io.gatehouse.x509.tls.ClientIdentity;
import io.gatehouse.x509.tls.ServerRole;
import io.gatehouse.x509.tls.ServiceTrust;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * The packaged enrollment service alone, as a process of its own on a home of its own, which can be stopped and started again.
 * Closing it deletes everything. Not thread-safe.
 */
final class ServiceHome implements AutoCloseable {
    private static final int READY_SECONDS = 90;
    private static final String READY = "The enrollment service listens on";
    private static final String JAVA_OPTIONS = "GATEHOUSE_JAVA_OPTS";

    private final Home home;
    private final ServiceConfig config;
    private @Nullable Process process;

    private ServiceHome(Home home, ServiceConfig config) {
        this.home = home;
        this.config = config;
    }

    /** A new home on free ports; nothing runs yet. */
    static ServiceHome init() {
        try {
            Path root = Files.createTempDirectory("gatehouse-bench-");
            Path unlock = Files.writeString(root.resolve("unlock"), "the passphrase of a benchmark\n");
            List<String> ports = List.of("--enroll-port", "0", "--admin-port", "0", "--pki-port", "0");
            List<String> words =
                    new ArrayList<>(List.of("init", "--home", root.toString(), "--unlock-file", unlock.toString()));
            words.addAll(ports);
            words.addAll(List.of("--mqtt-port", "0"));
            Home home = new Home(root);
            Process init = command(words, home, Optional.empty());
            if (!init.waitFor(READY_SECONDS, TimeUnit.SECONDS) || init.exitValue() != 0) {
                init.destroy();
                throw new BenchFailed("gatehouse init failed: " + root);
            }
            return new ServiceHome(home, ConfigFile.load(home));
        } catch (IOException broken) {
            throw new BenchFailed("cannot make a home: " + broken.getMessage(), broken);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new BenchFailed("interrupted", interrupted);
        }
    }

    /** Starts a new process of the service and returns when it answers. */
    ServiceHome start() {
        try {
            List<String> words = List.of("service", "--home", home.toString(), "--unlock-file", unlock().toString());
            Files.deleteIfExists(home.adminToken());
            Path log = log(home, "service");
            long logBefore = Files.exists(log) ? Files.size(log) : 0;
            Process started = command(words, home, Optional.of("-Xmx" + config.serviceHeapMegabytes() + "m"));
            process = started;
            Runtime.getRuntime().addShutdownHook(new Thread(started::destroy));
            awaitReady(started, logBefore);
            return this;
        } catch (IOException broken) {
            throw new BenchFailed("cannot start the service: " + broken.getMessage(), broken);
        }
    }

    /** Ends the process; the home stays. */
    void stop() {
        Process running = process;
        if (running == null) {
            return;
        }
        process = null;
        running.destroy();
        try {
            if (!running.waitFor(20, TimeUnit.SECONDS)) {
                running.destroyForcibly();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** What all threads of the service have used of the processors since its start, its compiler's among them. */
    Duration cpu() {
        Process running = process;
        if (running == null) {
            throw new IllegalStateException("the service does not run");
        }
        return ProcessTime.of(running.pid()).whole();
    }

    int enrollPort() {
        return config.enrollPort();
    }

    int adminPort() {
        return config.adminPort();
    }

    /** The directory of the home. */
    Path root() {
        return Path.of(home.toString());
    }

    /** The file with the passphrase of its keys. */
    Path unlock() {
        return root().resolve("unlock");
    }

    /** Where a broker of this home listens. */
    int mqttPort() {
        return config.mqttPort();
    }

    /** The command that starts this home's broker, with the Java that runs now. */
    List<String> brokerCommand() {
        return new JavaCommands(Stage.current()).broker(home, config);
    }

    Path database() {
        return home.database();
    }

    String authorization() throws IOException {
        return "Bearer " + Files.readString(home.adminToken()).strip();
    }

    /** For the enroll and admin ports, with everything that a client must check. */
    SSLContext trusting() {
        return ServiceTrust.of(
                        certificates(home.trustPem()),
                        ServerRole.enrollmentService(TrustDomain.DEFAULT),
                        InstantSource.system())
                .sslContext();
    }

    /** For the feed, as the broker of this home. */
    SSLContext asBroker() {
        Path conf = home.brokerConf();
        try {
            ClientIdentity broker = new ClientIdentity(
                    Pem.privateKey(Files.readString(conf.resolve("feed.key"))), certificates(conf.resolve("feed.pem")));
            return ServiceTrust.of(
                            certificates(home.trustPem()),
                            ServerRole.enrollmentService(TrustDomain.DEFAULT),
                            InstantSource.system())
                    .sslContext(broker);
        } catch (IOException | MalformedException broken) {
            throw new BenchFailed("cannot read the identity of the broker in " + conf, broken);
        }
    }

    int heapMegabytes() {
        return config.serviceHeapMegabytes();
    }

    /** What a device sends behind its own certificate. */
    X509Certificate devicesCa() {
        return certificates(home.devicesPem()).get(1);
    }

    @Override
    public void close() {
        stop();
        try (Stream<Path> tree = Files.walk(Path.of(home.toString()))) {
            for (Path each : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(each);
            }
        } catch (IOException broken) {
            throw new BenchFailed("left behind: " + home, broken);
        }
    }

    /** Its own word counts, not that somebody listens on its port. */
    private void awaitReady(Process started, long logBefore) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(READY_SECONDS);
        while (!said(logBefore).contains(READY)) {
            if (!started.isAlive() || System.nanoTime() - deadline > 0) {
                started.destroy();
                throw new BenchFailed("the service did not become ready: " + said(logBefore));
            }
            try {
                TimeUnit.MILLISECONDS.sleep(20);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new BenchFailed("interrupted", interrupted);
            }
        }
    }

    private String said(long logBefore) throws IOException {
        byte[] log = Files.readAllBytes(log(home, "service"));
        return new String(log, (int) logBefore, log.length - (int) logBefore, StandardCharsets.UTF_8);
    }

    private static Path log(Home home, String verb) {
        return Path.of(home.toString(), "bench-" + verb + ".log");
    }

    private static Process command(List<String> words, Home home, Optional<String> javaOption) throws IOException {
        String stage = System.getProperty("gatehouse.stage");
        if (stage == null) {
            throw new BenchFailed("the property gatehouse.stage does not say where the command is");
        }
        List<String> command = new ArrayList<>();
        command.add(Path.of(stage, "bin", "gatehouse").toString());
        command.addAll(words);
        File log = log(home, words.get(0)).toFile();
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log));
        javaOption.ifPresent(
                option -> builder.environment().merge(JAVA_OPTIONS, option, (given, more) -> given + " " + more));
        return builder.start();
    }

    private static List<X509Certificate> certificates(Path pem) {
        try {
            return Pem.certificates(Files.readString(pem));
        } catch (IOException | MalformedException broken) {
            throw new BenchFailed("cannot read " + pem, broken);
        }
    }
}
