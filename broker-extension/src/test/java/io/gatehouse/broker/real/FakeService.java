package io.gatehouse.broker.real;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import io.gatehouse.admission.feed.Entry;
import io.gatehouse.admission.feed.FeedCodec;
import io.gatehouse.admission.feed.FeedLine;
import io.gatehouse.testkit.Await;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.Function;

/** The service's side of the feed: a directory that a test changes, snapshots, live changes, and the reports that come back. */
final class FakeService implements AutoCloseable {
    private static final Duration HEARTBEAT = Duration.ofMillis(500);

    final List<String> reports = new CopyOnWriteArrayList<>();
    private final HttpsServer server;
    private final Pki pki;
    private final String epoch = UUID.randomUUID().toString();
    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final List<FeedLine.Change> changes = new ArrayList<>();
    private long firstKept = 1;
    private long revision;
    private volatile boolean silent;
    private volatile Function<byte[], byte[]> certificates = pkcs10 -> new byte[0];

    FakeService(Pki pki) throws IOException {
        this(pki, 0);
    }

    FakeService(Pki pki, int port) throws IOException {
        this.pki = pki;
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.setHttpsConfigurator(
                new HttpsConfigurator(pki.service.sslContext(List.of(pki.servicesRoot.certificate()))) {
                    @Override
                    public void configure(HttpsParameters params) {
                        var parameters = getSSLContext().getDefaultSSLParameters();
                        parameters.setNeedClientAuth(true);
                        params.setSSLParameters(parameters);
                    }
                });
        server.createContext("/admission/v1/feed", this::feed);
        server.createContext("/admission/v1/reports", this::report);
        server.createContext("/admission/v1/certificates", this::certificate);
        server.setExecutor(Executors.newCachedThreadPool(task -> {
            var thread = new Thread(task, "fake-service");
            thread.setDaemon(true);
            return thread;
        }));
        server.start();
        change(new Entry.AuthorityEntry("devices", der()));
    }

    private byte[] der() {
        try {
            return pki.devicesCa.certificate().getEncoded();
        } catch (java.security.cert.CertificateEncodingException broken) {
            throw new IllegalStateException(broken);
        }
    }

    String url() {
        return "https://127.0.0.1:" + server.getAddress().getPort();
    }

    int port() {
        return server.getAddress().getPort();
    }

    /** One transaction; returns its revision. */
    synchronized long change(Entry... what) {
        revision++;
        for (var entry : what) {
            if (entry instanceof Entry.AuthorityRemoved) {
                entries.remove(key(entry));
            } else {
                entries.put(key(entry), entry);
            }
        }
        changes.add(new FeedLine.Change(revision, List.of(what)));
        notifyAll();
        return revision;
    }

    /** Forgets all changes so far: whoever asks for what came before has to take a snapshot. */
    synchronized void forgetChanges() {
        changes.clear();
        firstKept = revision + 1;
    }

    /** Feeds end, and new ones are refused, until it speaks again. */
    synchronized void silent(boolean is) {
        silent = is;
        notifyAll();
    }

    void answerCertificates(Function<byte[], byte[]> answer) {
        certificates = answer;
    }

    /** Waits for a report in which that revision is enforced. */
    void awaitEnforced(long wanted) {
        Await.until(
                "revision " + wanted + " enforced; reports: " + reports,
                Duration.ofSeconds(20),
                () -> isReported(wanted));
    }

    /** Whether a report came in which that revision is enforced. */
    boolean isReported(long wanted) {
        return reports.stream().anyMatch(report -> reported(report) >= wanted);
    }

    private static long reported(String report) {
        var matcher = java.util.regex.Pattern.compile("\"revision\":(\\d+)").matcher(report);
        return matcher.find() ? Long.parseLong(matcher.group(1)) : -1;
    }

    void awaitReport(String part) {
        Await.until(
                part + " reported; reports: " + reports,
                Duration.ofSeconds(20),
                () -> reports.stream().anyMatch(report -> report.contains(part)));
    }

    private static String key(Entry entry) {
        if (entry instanceof Entry.AuthorityEntry authority) {
            return "authority " + authority.name();
        } else if (entry instanceof Entry.AuthorityRemoved removed) {
            return "authority " + removed.name();
        } else if (entry instanceof Entry.FleetEntry fleet) {
            return "fleet " + fleet.name();
        } else if (entry instanceof Entry.DeviceEntry device) {
            return "device " + device.id();
        } else if (entry instanceof Entry.CertificateEntry certificate) {
            return "certificate " + certificate.sha256();
        }
        throw new IllegalArgumentException(entry.toString());
    }

    private void feed(HttpExchange exchange) throws IOException {
        if (silent) {
            exchange.sendResponseHeaders(503, -1);
            exchange.close();
            return;
        }
        var query = exchange.getRequestURI().getQuery();
        boolean known = query != null && query.contains("epoch=" + epoch);
        long after = known ? after(query) : -1;
        exchange.sendResponseHeaders(200, 0);
        try (exchange) {
            if (!known || !kept(after)) {
                snapshot(exchange);
            } else {
                live(exchange, after);
            }
        } catch (IOException gone) {
            // The broker went away.
        }
    }

    private synchronized boolean kept(long after) {
        return after >= firstKept - 1 && after <= revision;
    }

    private static long after(String query) {
        var matcher = java.util.regex.Pattern.compile("after=(\\d+)").matcher(query);
        return matcher.find() ? Long.parseLong(matcher.group(1)) : -1;
    }

    private void snapshot(HttpExchange exchange) throws IOException {
        Collection<Entry> all;
        long at;
        synchronized (this) {
            all = List.copyOf(entries.values());
            at = revision;
        }
        var out = exchange.getResponseBody();
        out.write(FeedCodec.write(new FeedLine.SnapshotBegin(1, epoch, at, Instant.now())));
        for (var entry : all) {
            out.write(FeedCodec.write(entry));
        }
        out.write(FeedCodec.write(new FeedLine.SnapshotEnd(at, all.size())));
        out.flush();
    }

    private void live(HttpExchange exchange, long after) throws IOException {
        var out = exchange.getResponseBody();
        out.write(FeedCodec.write(new FeedLine.Hello(1, epoch, revision, HEARTBEAT, Instant.now())));
        out.flush();
        long sent = after;
        while (!silent) {
            List<FeedLine> lines = next(sent);
            for (var line : lines) {
                out.write(FeedCodec.write(line));
                if (line instanceof FeedLine.Change change) {
                    sent = change.revision();
                }
            }
            out.flush();
        }
    }

    @SuppressWarnings("WaitNotInLoop") // a heartbeat too early does no harm
    private synchronized List<FeedLine> next(long sent) {
        try {
            if (sent >= revision && !silent) {
                wait(HEARTBEAT.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        List<FeedLine> lines = new ArrayList<>();
        for (var change : changes) {
            if (change.revision() > sent) {
                lines.add(change);
            }
        }
        return lines.isEmpty() ? List.of(new FeedLine.Heartbeat(revision, Instant.now())) : lines;
    }

    private void report(HttpExchange exchange) throws IOException {
        reports.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        exchange.sendResponseHeaders(204, -1);
        exchange.close();
    }

    private void certificate(HttpExchange exchange) throws IOException {
        byte[] answer = certificates.apply(exchange.getRequestBody().readAllBytes());
        exchange.getResponseHeaders().add("Content-Type", "application/pkcs7-mime; smime-type=certs-only");
        exchange.sendResponseHeaders(answer.length == 0 ? 503 : 200, answer.length == 0 ? -1 : answer.length);
        if (answer.length > 0) {
            exchange.getResponseBody().write(answer);
        }
        exchange.close();
    }

    @Override
    public void close() {
        silent(true);
        server.stop(0);
    }
}
