package io.gatehouse.systemtests.killed;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gatehouse.systemtests.Gatehouse;
import io.gatehouse.testkit.Await;
import io.gatehouse.testkit.HeldCertificate;
import io.gatehouse.testkit.PemText;
import io.gatehouse.testkit.RunningProcess;
import io.gatehouse.testkit.TempHome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;

/** The packaged {@code gatehouse service} alone, in a home of its own, started and killed again and again. Thread-safe. */
final class Service implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(90);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final TempHome temporary = TempHome.create();
    private final Path home = temporary.path().resolve("home");
    private final Path unlock = temporary.path().resolve("unlock");
    private final AtomicLong answered = new AtomicLong();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private RunningProcess process;
    private boolean alive;
    private long life;
    private volatile String token = "";
    private int enrollPort;
    private int adminPort;

    /** A home with its fleet {@code f}; the service runs. */
    static Service start() throws IOException {
        var service = new Service();
        Files.writeString(service.unlock, "kill me again\n");
        Gatehouse.command("init", "--home", service.home.toString(), "--unlock-file", service.unlock.toString())
                .with(Gatehouse.anyPorts())
                .run()
                .ok();
        service.enrollPort = service.port("enroll-port");
        service.adminPort = service.port("admin-port");
        service.live();
        var made = Wire.exchange(
                service.adminPort,
                HeldCertificate.anonymous(service.trust()),
                "POST",
                "/api/v1/fleets",
                "Authorization: Bearer " + service.token + "\r\nContent-Type: application/json\r\n",
                "{\"name\":\"f\"}");
        if (made.status() != 201) {
            throw new AssertionError(made.toString());
        }
        return service;
    }

    private int port(String key) throws IOException {
        Matcher found =
                Pattern.compile("(?m)^" + key + " = (\\d+)$").matcher(Files.readString(home.resolve("gatehouse.toml")));
        if (!found.find()) {
            throw new AssertionError("no " + key);
        }
        return Integer.parseInt(found.group(1));
    }

    /** Starts it and waits until it answers; how long that took. */
    Duration live() {
        long begin = System.nanoTime();
        RunningProcess started = Gatehouse.command(
                        "service", "--home", home.toString(), "--unlock-file", unlock.toString())
                .start();
        var anonymous = HeldCertificate.anonymous(trust());
        Await.value("the service answers", START, () -> {
            if (!started.isAlive()) {
                throw new IllegalStateException("it ended: " + started.err());
            }
            try {
                var fresh =
                        Files.readString(home.resolve("secrets/admin-token")).strip();
                var answer = Wire.exchange(
                        adminPort, anonymous, "GET", "/readyz", "Authorization: Bearer " + fresh + "\r\n", "");
                token = fresh;
                return answer.status() == 200 ? Optional.of(answer) : Optional.empty();
            } catch (IOException e) {
                return Optional.empty();
            }
        });
        lock.lock();
        try {
            process = started;
            alive = true;
            life++;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    /** SIGKILL. */
    void die() {
        lock.lock();
        try {
            alive = false;
            process.kill();
        } finally {
            lock.unlock();
        }
    }

    void awaitLife() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!alive) {
                changed.await();
            }
        } finally {
            lock.unlock();
        }
    }

    /** It broke off: it dies at this moment, or it is about to. A connection that fails otherwise is asked again, too. */
    void awaitLifeAfter(IOException broken) throws InterruptedException {
        awaitLife();
    }

    void answered() {
        answered.incrementAndGet();
    }

    long answers() {
        return answered.get();
    }

    int enrollPort() {
        return enrollPort;
    }

    int adminPort() {
        return adminPort;
    }

    String token() {
        return token;
    }

    Path home() {
        return home;
    }

    List<X509Certificate> trust() {
        return PemText.readCertificates(home.resolve("pki/trust.pem"));
    }

    X509Certificate devicesCa() {
        return PemText.readCertificates(home.resolve("pki/devices.pem")).get(1);
    }

    /** What the home's own broker shows to the feed. */
    SSLContext broker() {
        var chain = PemText.readCertificates(home.resolve("broker/conf/gatehouse/feed.pem"));
        var key = new KeyPair(chain.get(0).getPublicKey(), privateKey(home.resolve("broker/conf/gatehouse/feed.key")));
        return new HeldCertificate(key, chain.get(0), chain).sslContext(trust());
    }

    private static PrivateKey privateKey(Path pem) {
        try {
            var base64 = Files.readString(pem).replaceAll("-----[A-Z ]+-----", "");
            var pkcs8 = new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(base64));
            return KeyFactory.getInstance("EC").generatePrivate(pkcs8);
        } catch (IOException | GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    JsonNode verifiedAudit() {
        var run = Gatehouse.command("audit", "verify", "--home", home.toString(), "--json")
                .run();
        try {
            return JSON.readTree(run.out());
        } catch (IOException e) {
            throw new UncheckedIOException(run.toString(), e);
        }
    }

    @Override
    public void close() {
        try (temporary) {
            die();
        }
    }
}
