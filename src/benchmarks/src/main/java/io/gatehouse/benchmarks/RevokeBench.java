package io.gatehouse.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * How long a revoked device stays connected: from sending the REST call on an open connection to the end of the stream that the
 * device sees, with 1,000 other sessions alive. Each answer's {@code millis} is held against what the device saw.
 */
public final class RevokeBench extends PlainBench {
    private static final int LIVE = 1000;
    private static final int WARM_UP = 250;
    private static final int MEASURED = 200;
    private static final int AT_ONCE = 900;
    private static final int LIMIT_SECONDS = 30;
    /** What the service says was closed must be closed: so much later may this machine's scheduler show it to the device. */
    private static final double LATE_MILLIS = 50;

    private static final ObjectMapper JSON = new ObjectMapper();

    @Override
    public String name() {
        return "revoke";
    }

    @Override
    public String description() {
        return "from the REST call to the closed socket, one of 1,000 sessions and 900 at once";
    }

    @Override
    Report measure(PrintStream err) throws IOException {
        try (BenchHome home = BenchHome.start()) {
            return measure(home, err);
        }
    }

    private static Report measure(BenchHome home, PrintStream err) throws IOException {
        err.println("connecting " + (LIVE + WARM_UP + MEASURED) + " devices ...");
        Fleet many = Fleet.connected(home, "many", AT_ONCE);
        Fleet others = Fleet.connected(home, "one", LIVE - AT_ONCE + WARM_UP + MEASURED);
        List<String> ids = others.ids();
        err.println("revoking ...");
        // Opened only now: the service closes a connection that is idle for long.
        try (KeepAlive admin = KeepAlive.open(home.port("admin"), home.service())) {
            Report report = new Report("revoke", home.provider());
            List<Revocation> cold = revoke(home, admin, others, ids.subList(0, WARM_UP));
            List<Revocation> warm = revoke(home, admin, others, ids.subList(WARM_UP, WARM_UP + MEASURED));
            row(report, "one-of-1000", warm)
                    .count("liveSessions", many.live() + others.live())
                    .count("retriedConnects", LiveSession.retried());
            row(report, "one-of-1000-cold", cold);
            report.row("all-900").count("n", AT_ONCE).figure("millis", suspend(home, admin, many));
            return report;
        }
    }

    private static Report.Row row(Report report, String name, List<Revocation> revocations) {
        Millis closed = Millis.of(
                revocations.stream().mapToDouble(Revocation::closedMillis).toArray());
        Millis answered = Millis.of(
                revocations.stream().mapToDouble(Revocation::answeredMillis).toArray());
        Millis said = Millis.of(
                revocations.stream().mapToDouble(Revocation::saidMillis).toArray());
        Millis apart = Millis.of(
                revocations.stream().mapToDouble(Revocation::apartMillis).toArray());
        return report.row(name)
                .count("n", closed.count())
                .figure("p50Millis", closed.percentile(50))
                .figure("p99Millis", closed.percentile(99))
                .figure("answeredP50Millis", answered.percentile(50))
                .figure("answeredP99Millis", answered.percentile(99))
                .figure("saidP50Millis", said.percentile(50))
                .figure("saidP99Millis", said.percentile(99))
                .figure("saidAndSeenApartP50Millis", apart.percentile(50))
                .figure("saidAndSeenApartP99Millis", apart.percentile(99));
    }

    private static List<Revocation> revoke(BenchHome home, KeepAlive admin, Fleet fleet, List<String> ids)
            throws IOException {
        List<Revocation> done = new ArrayList<>();
        for (String id : ids) {
            KeepAlive.Exchange exchange = admin.post(
                    "/api/v1/devices/" + id + "/revoke",
                    home.authorization(),
                    "application/json",
                    "{\"reason\":\"keyCompromise\"}");
            long closed = awaitClosed(fleet, id);
            Revocation revocation = Revocation.of(id, exchange, closed, JSON.readTree(exchange.body()));
            revocation.check();
            done.add(revocation);
        }
        return done;
    }

    private static double suspend(BenchHome home, KeepAlive admin, Fleet fleet) throws IOException {
        KeepAlive.Exchange exchange =
                admin.post("/api/v1/fleets/" + fleet.name() + "/suspend", home.authorization(), "application/json", "");
        if (exchange.status() != 200) {
            throw new BenchFailed("suspend was answered " + exchange.status() + ": " + exchange.body());
        }
        long last = exchange.sentNanos();
        for (String id : fleet.ids()) {
            long closed = awaitClosed(fleet, id);
            last = closed - last > 0 ? closed : last;
        }
        return Millis.between(exchange.sentNanos(), last);
    }

    private static long awaitClosed(Fleet fleet, String id) {
        try {
            return fleet.session(id).closedNanos().get(LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException open) {
            throw new BenchFailed(id + " is still connected " + LIMIT_SECONDS + " s after its end was ordered", open);
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new BenchFailed("interrupted", interrupted);
        }
    }

    /**
     * One revocation as the caller, the device and the service saw it; all in milliseconds.
     *
     * @param closedMillis from sending the request to the closed socket
     * @param answeredMillis from sending the request to its answer
     * @param saidMillis the answer's {@code millis}: from the commit to the broker's report
     */
    record Revocation(
            String id, double closedMillis, double answeredMillis, double saidMillis, int status, int sessions) {

        static Revocation of(String id, KeepAlive.Exchange exchange, long closedNanos, JsonNode answer) {
            return new Revocation(
                    id,
                    Millis.between(exchange.sentNanos(), closedNanos),
                    Millis.between(exchange.sentNanos(), exchange.answeredNanos()),
                    answer.path("millis").asDouble(-1),
                    exchange.status(),
                    answer.path("sessions").asInt(-1));
        }

        double apartMillis() {
            return Math.abs(saidMillis - closedMillis);
        }

        /** The answer may claim neither more than the device saw nor a time that cannot have been. */
        void check() {
            if (status != 200 || sessions != 1) {
                throw new BenchFailed(id + ": answered " + status + " with " + sessions + " sessions instead of 1");
            }
            if (saidMillis < 0 || saidMillis > answeredMillis + 1) {
                throw new BenchFailed(id + ": millis " + saidMillis + " in an answer that took " + answeredMillis);
            }
            if (closedMillis > answeredMillis + LATE_MILLIS) {
                throw new BenchFailed(
                        id + ": answered after " + answeredMillis + " ms, closed only after " + closedMillis);
            }
        }
    }
}
