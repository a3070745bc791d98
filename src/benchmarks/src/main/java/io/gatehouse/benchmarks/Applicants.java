package io.gatehouse.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.gatehouse.identity.Fingerprint;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;

/** Devices that wait to be enrolled, each with a claim of its own that the service holds already. Thread-safe. */
final class Applicants {
    private static final int THREADS = 4;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Queue<Applicant> waiting;

    private Applicants(List<Applicant> applicants) {
        this.waiting = new ConcurrentLinkedQueue<>(applicants);
    }

    /** Makes so many keys and requests, and a one-device claim for each, in a fleet of that name. */
    static Applicants claimed(ServiceHome service, String fleet, int count) throws IOException {
        try (KeepAlive admin = KeepAlive.open(service.adminPort(), service.trusting())) {
            admin.post("/api/v1/fleets", service.authorization(), "application/json", json(Map.of("name", fleet)));
        }
        List<Applicant> made = new ArrayList<>();
        for (List<Applicant> part : Load.parallel(THREADS, part -> part(service, fleet, part, count))) {
            made.addAll(part);
        }
        return new Applicants(made);
    }

    Applicant next() {
        Applicant next = waiting.poll();
        if (next == null) {
            throw new BenchFailed("too few claims were made");
        }
        return next;
    }

    /** So many of them. */
    List<Applicant> next(int count) {
        return IntStream.range(0, count).mapToObj(i -> next()).toList();
    }

    private static List<Applicant> part(ServiceHome service, String fleet, int part, int count) throws IOException {
        List<Applicant> made = new ArrayList<>();
        try (KeepAlive admin = KeepAlive.open(service.adminPort(), service.trusting())) {
            String authorization = service.authorization();
            for (int i = part; i < count; i += THREADS) {
                Applicant applicant = Applicant.named(fleet + "-" + i);
                Fingerprint secret = Fingerprint.sha256(applicant.secret().getBytes(StandardCharsets.UTF_8));
                KeepAlive.Exchange claim = admin.post(
                        "/api/v1/claims",
                        authorization,
                        "application/json",
                        json(Map.of(
                                "fleet",
                                fleet,
                                "device",
                                applicant.id(),
                                "ttl",
                                "PT6H",
                                "secretSha256",
                                secret.hex())));
                if (claim.status() != 201) {
                    throw new BenchFailed("the service answered " + claim.status() + ": " + claim.body());
                }
                made.add(applicant);
            }
        }
        return made;
    }

    private static String json(Map<String, String> members) throws IOException {
        return JSON.writeValueAsString(members);
    }
}
