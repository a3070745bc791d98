package io.gatehouse.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.gatehouse.x509.Keys;
import io.gatehouse.x509.Pkcs10Request;
import io.gatehouse.x509.der.MalformedException;
import io.gatehouse.x509.est.EstCodec;
import io.gatehouse.x509.tls.ClientIdentity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/** Devices of one fleet, each with a certificate and a live session. */
final class Fleet {
    private static final int THREADS = 4;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final BenchHome home;
    private final String name;
    private final Map<String, LiveSession> sessions;

    private Fleet(BenchHome home, String name, Map<String, LiveSession> sessions) {
        this.home = home;
        this.name = name;
        this.sessions = sessions;
    }

    /** Makes the fleet, enrolls so many devices by claims, and connects them all. */
    static Fleet connected(BenchHome home, String name, int count) {
        Fleet fleet = new Fleet(home, name, new TreeMap<>());
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try (KeepAlive admin = KeepAlive.open(home.port("admin"), home.service())) {
            fleet.make(admin);
            List<Callable<Map<String, LiveSession>>> parts = IntStream.range(0, THREADS)
                    .mapToObj(part -> (Callable<Map<String, LiveSession>>) () -> fleet.part(part, count))
                    .toList();
            for (Future<Map<String, LiveSession>> part : threads.invokeAll(parts)) {
                fleet.sessions.putAll(part.get());
            }
            return fleet;
        } catch (IOException | ExecutionException broken) {
            throw new BenchFailed("cannot connect " + count + " devices: " + broken.getMessage(), broken);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new BenchFailed("interrupted", interrupted);
        } finally {
            threads.shutdownNow();
        }
    }

    /** Makes a fleet and enrolls so many devices by claims, one after the other; none is connected. */
    static List<X509Certificate> enrolled(BenchHome home, String name, int count) {
        Fleet fleet = new Fleet(home, name, new TreeMap<>());
        List<X509Certificate> certificates = new ArrayList<>();
        try (KeepAlive admin = KeepAlive.open(home.port("admin"), home.service());
                KeepAlive est = KeepAlive.open(home.port("enroll"), home.service())) {
            fleet.make(admin);
            for (int i = 0; i < count; i++) {
                String id = name + "-" + i;
                certificates.add(
                        fleet.enroll(id, fleet.claim(id, admin), est).chain().get(0));
            }
            return certificates;
        } catch (IOException | MalformedException broken) {
            throw new BenchFailed("cannot enroll " + count + " devices: " + broken.getMessage(), broken);
        }
    }

    private void make(KeepAlive admin) throws IOException {
        String body = "{\"name\":\"" + name + "\"}";
        expect(201, admin.post("/api/v1/fleets", home.authorization(), "application/json", body));
    }

    String name() {
        return name;
    }

    /** The ids, in order. */
    List<String> ids() {
        return new ArrayList<>(sessions.keySet());
    }

    LiveSession session(String id) {
        LiveSession session = sessions.get(id);
        if (session == null) {
            throw new IllegalArgumentException(id);
        }
        return session;
    }

    /** How many sessions are open. */
    long live() {
        return sessions.values().stream()
                .filter(session -> !session.closedNanos().isDone())
                .count();
    }

    private Map<String, LiveSession> part(int part, int count) throws IOException, MalformedException {
        Map<String, LiveSession> connected = new TreeMap<>();
        try (KeepAlive admin = KeepAlive.open(home.port("admin"), home.service());
                KeepAlive est = KeepAlive.open(home.port("enroll"), home.service())) {
            for (int i = part; i < count; i += THREADS) {
                String id = name + "-" + i;
                ClientIdentity identity = enroll(id, claim(id, admin), est);
                connected.put(id, LiveSession.connect(home.port("mqtt"), home.broker(identity), id));
            }
        }
        return connected;
    }

    private String claim(String id, KeepAlive admin) throws IOException {
        String body = "{\"fleet\":\"" + name + "\",\"device\":\"" + id + "\"}";
        KeepAlive.Exchange claim =
                expect(201, admin.post("/api/v1/claims", home.authorization(), "application/json", body));
        return JSON.readTree(claim.body()).path("secret").asText();
    }

    private ClientIdentity enroll(String id, String secret, KeepAlive est) throws IOException, MalformedException {
        KeyPair key = Keys.generateP256();
        String basic = Base64.getEncoder().encodeToString((id + ":" + secret).getBytes(StandardCharsets.UTF_8));
        KeepAlive.Exchange answer = expect(
                200,
                est.post(
                        "/.well-known/est/simpleenroll",
                        "Basic " + basic,
                        "application/pkcs10",
                        EstCodec.requestBody(Pkcs10Request.create(key, id))));
        X509Certificate leaf = EstCodec.certificates(answer.body().getBytes(StandardCharsets.US_ASCII))
                .get(0);
        return new ClientIdentity(key.getPrivate(), List.of(leaf, home.devicesCa()));
    }

    private static KeepAlive.Exchange expect(int status, KeepAlive.Exchange exchange) {
        if (exchange.status() != status) {
            throw new BenchFailed("the service answered " + exchange.status() + ": " + exchange.body());
        }
        return exchange;
    }
}
