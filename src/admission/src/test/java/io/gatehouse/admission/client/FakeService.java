package io.gatehouse.admission.client;

import io.gatehouse.admission.feed.Entry;
import io.gatehouse.admission.feed.FeedCodec;
import io.gatehouse.admission.feed.FeedLine;
import io.gatehouse.admission.feed.Parsed;
import io.gatehouse.admission.feed.Report;
import io.gatehouse.admission.feed.ReportCodec;
import io.gatehouse.testkit.HeldCertificate;
import io.gatehouse.testkit.TestAuthority;
import io.gatehouse.x509.TrustDomain;
import io.gatehouse.x509.tls.ClientIdentity;
import io.gatehouse.x509.tls.ServerRole;
import io.gatehouse.x509.tls.ServiceTrust;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/** The service's end of feed and reports over real TLS, as the plan says, with faults on demand. */
final class FakeService implements AutoCloseable {
    static final TestAuthority ROOT = TestAuthority.root();
    private static final TestAuthority CA = ROOT.servicesCa();
    private static final HeldCertificate SERVER =
            CA.server(order -> order.uri("spiffe://gatehouse.internal/service/enrollment"));
    private static final HeldCertificate BROKER =
            CA.device("b1", order -> order.noNames().uri("spiffe://gatehouse.internal/broker/b1"));
    private static final Pattern POSITION = Pattern.compile("epoch=([^&]+)&after=(\\d+)");
    private static final Duration HEARTBEAT = Duration.ofMillis(500);

    final BlockingQueue<Report> reports = new LinkedBlockingQueue<>();
    final List<String> targets = new ArrayList<>();
    final AtomicInteger connections = new AtomicInteger();
    final AtomicInteger snapshots = new AtomicInteger();
    volatile int reportStatus = 204;
    volatile int feedStatus = 200;

    /** The epoch of which more is to be heard before anything is given; empty for none. */
    volatile String wanted = "";

    /** What was said then: the targets, and the entries. */
    final List<String> testimonies = new java.util.concurrent.CopyOnWriteArrayList<>();

    final List<Entry> witnessed = new java.util.concurrent.CopyOnWriteArrayList<>();

    /** How the next of these are answered; the others are taken. */
    final BlockingQueue<Integer> witnessStatuses = new LinkedBlockingQueue<>();

    /** After so many bytes the next feed's answer is cut; negative for never. */
    volatile int cutAfter = -1;

    volatile boolean heartbeats = true;

    /** Takes requests and answers none. */
    volatile boolean mute;

    private final SSLServerSocket listener;
    private final List<SSLSocket> open = new ArrayList<>();
    private final List<byte[]> changes = new ArrayList<>();
    private String epoch = "e";
    private List<Entry> entries = List.of();
    private long snapshotRevision;
    private int generation;

    FakeService() throws Exception {
        SSLContext context = SERVER.sslContext(List.of(ROOT.certificate()));
        listener = (SSLServerSocket)
                context.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        listener.setNeedClientAuth(true);
        var thread = new Thread(this::accept, "fake-service");
        thread.setDaemon(true);
        thread.start();
    }

    URI uri() {
        return URI.create("https://localhost:" + listener.getLocalPort());
    }

    static SSLContext brokerTls() {
        var role = ServerRole.enrollmentService(TrustDomain.of("gatehouse.internal"));
        return ServiceTrust.of(List.of(ROOT.certificate()), role, InstantSource.system())
                .sslContext(new ClientIdentity(BROKER.privateKey(), BROKER.chain()));
    }

    synchronized void directory(String newEpoch, long revision, Entry... now) {
        epoch = newEpoch;
        snapshotRevision = revision;
        entries = List.of(now);
        changes.clear();
        generation++;
        notifyAll();
    }

    /** Commits the next revision, and gives its number. */
    synchronized long change(Entry... now) {
        long revision = snapshotRevision + changes.size() + 1;
        line(FeedCodec.write(new FeedLine.Change(revision, List.of(now))));
        return revision;
    }

    /** Sends that as the next line, whatever it is. */
    synchronized void line(byte[] line) {
        changes.add(line);
        notifyAll();
    }

    synchronized void line(String line) {
        line((line.replace('\'', '"') + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** Cuts the feeds. */
    synchronized void cut() throws IOException {
        for (SSLSocket socket : open) {
            socket.close();
        }
        open.clear();
    }

    @Override
    public void close() throws Exception {
        listener.close();
        cut();
    }

    private void accept() {
        try {
            while (true) {
                var socket = (SSLSocket) listener.accept();
                socket.setTcpNoDelay(true);
                connections.incrementAndGet();
                var thread = new Thread(() -> serve(socket), "fake-connection");
                thread.setDaemon(true);
                thread.start();
            }
        } catch (IOException closed) {
            return;
        }
    }

    private void serve(SSLSocket socket) {
        try (socket) {
            var in = new BufferedInputStream(socket.getInputStream());
            var out = socket.getOutputStream();
            for (String request = Connection.line(in); ; request = Connection.line(in)) {
                int length = 0;
                for (String header = Connection.line(in); !header.isEmpty(); header = Connection.line(in)) {
                    if (header.toLowerCase(java.util.Locale.ROOT).startsWith("content-length:")) {
                        length = Integer.parseInt(header.substring(15).strip());
                    }
                }
                if (mute) {
                    in.transferTo(OutputStream.nullOutputStream());
                }
                if (request.startsWith("POST /admission/v1/witness")) {
                    witness(request.split(" ")[1], in.readNBytes(length), out);
                } else if (request.startsWith("POST")) {
                    report(in, out, length);
                } else {
                    synchronized (this) {
                        open.add(socket);
                    }
                    if (feed(request.split(" ")[1], out)) {
                        return;
                    }
                }
            }
        } catch (IOException | InterruptedException gone) {
            return;
        }
    }

    private void report(InputStream in, OutputStream out, int length) throws IOException {
        byte[] body = in.readNBytes(length);
        int status = reportStatus;
        if (status == 204 && ReportCodec.read(body) instanceof Parsed.Value<Report> report) {
            reports.add(report.value());
        }
        String end = status == 204 ? "" : "Gatehouse-Reason: conflict\r\nContent-Length: 0\r\n";
        out.write(("HTTP/1.1 " + status + " X\r\n" + end + "\r\n").getBytes(StandardCharsets.US_ASCII));
    }

    private void witness(String target, byte[] body, OutputStream out) throws IOException {
        testimonies.add(target);
        Integer status = witnessStatuses.poll();
        if (status != null && status != 204) {
            out.write(("HTTP/1.1 " + status + " X\r\nGatehouse-Reason: conflict\r\nContent-Length: 0\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            return;
        }
        for (String line : new String(body, StandardCharsets.UTF_8).split("(?<=\n)")) {
            if (FeedCodec.read(line.getBytes(StandardCharsets.UTF_8)) instanceof Parsed.Value<FeedLine> value
                    && value.value() instanceof Entry entry) {
                witnessed.add(entry);
            }
        }
        if (target.contains("total=")) {
            wanted = "";
        }
        out.write("HTTP/1.1 204 X\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    }

    /** Whether the connection ends with this answer. */
    private boolean feed(String target, OutputStream out) throws IOException, InterruptedException {
        synchronized (targets) {
            targets.add(target);
        }
        if (feedStatus != 200) {
            out.write(("HTTP/1.1 " + feedStatus + " X\r\nGatehouse-Reason: not-allowed\r\nContent-Length: 0\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            return true;
        }
        if (!wanted.isEmpty() && target.contains("epoch=" + wanted + "&")) {
            out.write(("HTTP/1.1 409 X\r\nGatehouse-Reason: conflict\r\nGatehouse-Witness: " + wanted
                            + "\r\nContent-Length: 0\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            return false;
        }
        var cut = new Cut(out, cutAfter);
        cutAfter = -1;
        Matcher position = POSITION.matcher(target);
        boolean known;
        synchronized (this) {
            known = position.find() && position.group(1).equals(epoch);
            long after = known ? Long.parseLong(position.group(2)) : 0;
            known &= after >= snapshotRevision && after <= snapshotRevision + changes.size();
        }
        if (known) {
            live(Long.parseLong(position.group(2)), cut);
        } else {
            snapshot(cut);
        }
        return true;
    }

    private void snapshot(Cut out) throws IOException {
        snapshots.incrementAndGet();
        var bytes = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(bytes)) {
            synchronized (this) {
                long sent = entries.size();
                gzip.write(FeedCodec.write(new FeedLine.SnapshotBegin(1, epoch, snapshotRevision, Instant.EPOCH)));
                for (Entry entry : entries) {
                    gzip.write(FeedCodec.write(entry));
                }
                gzip.write(FeedCodec.write(new FeedLine.SnapshotEnd(snapshotRevision, sent)));
            }
        }
        out.head("Content-Encoding: gzip\r\n");
        byte[] all = bytes.toByteArray();
        int half = all.length / 2;
        out.chunk(java.util.Arrays.copyOf(all, half));
        out.chunk(java.util.Arrays.copyOfRange(all, half, all.length));
        out.end();
    }

    private void live(long after, Cut out) throws IOException, InterruptedException {
        out.head("");
        synchronized (this) {
            long current = snapshotRevision + changes.size();
            out.chunk(FeedCodec.write(new FeedLine.Hello(1, epoch, current, HEARTBEAT, Instant.EPOCH)));
            int mine = generation;
            int sent = (int) (after - snapshotRevision);
            if (sent < 0 || sent > changes.size()) {
                // The directory changed since the request was read.
                return;
            }
            while (mine == generation) {
                for (; sent < changes.size(); sent++) {
                    out.chunk(changes.get(sent));
                }
                wait(HEARTBEAT.toMillis());
                if (mine == generation && sent == changes.size() && heartbeats) {
                    out.chunk(FeedCodec.write(new FeedLine.Heartbeat(snapshotRevision + sent, Instant.EPOCH)));
                }
            }
            out.end();
        }
    }

    /** Writes chunks, and stops in the middle after so many bytes. */
    private static final class Cut {
        private final OutputStream out;
        private int left;

        Cut(OutputStream out, int left) {
            this.out = out;
            this.left = left;
        }

        void head(String more) throws IOException {
            write(("HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\n" + more
                            + "Transfer-Encoding: chunked\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
        }

        void chunk(byte[] bytes) throws IOException {
            var chunk = new ByteArrayOutputStream();
            chunk.writeBytes((Integer.toHexString(bytes.length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
            chunk.writeBytes(bytes);
            chunk.writeBytes(new byte[] {'\r', '\n'});
            write(chunk.toByteArray());
        }

        void end() throws IOException {
            write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        }

        private void write(byte[] bytes) throws IOException {
            if (left < 0) {
                out.write(bytes);
                return;
            }
            int now = Math.min(left, bytes.length);
            out.write(bytes, 0, now);
            left -= now;
            if (left == 0) {
                throw new IOException("cut");
            }
        }
    }
}
