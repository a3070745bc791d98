package io.gatehouse.agent;

import io.gatehouse.testkit.CertificateOrder;
import io.gatehouse.testkit.HeldCertificate;
import io.gatehouse.testkit.TestAuthority;
import io.gatehouse.x509.Certificates;
import io.gatehouse.x509.Pkcs10Request;
import io.gatehouse.x509.est.EstCodec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * An enrollment service of a few lines, on a real TLS port, that keeps the two-phase rules of renewal: and that answers as badly as a test
 * wants, path by path.
 */
final class FakeService implements AutoCloseable {
    static final String SECRET = "correct-secret";

    final TestAuthority devicesCa = TestAuthority.root("Devices root").devicesCa();
    final TestAuthority servicesCa = TestAuthority.root("Services root").servicesCa();
    final List<Request> requests = new CopyOnWriteArrayList<>();
    final Map<String, Responder> responders = new ConcurrentHashMap<>();
    /** What the next device certificates look like. */
    volatile Consumer<CertificateOrder> profile = order -> {};

    volatile InstantSource clock = InstantSource.system();
    volatile String state = "active";
    volatile Optional<String> reason = Optional.empty();
    volatile String broker = "mqtts://localhost:1";
    /** When certificates are to be renewed, in place of 60 days after they were first seen. */
    volatile Optional<Instant> renewFrom = Optional.empty();

    private final Map<String, Instant> windows = new ConcurrentHashMap<>();

    private final Map<String, X509Certificate> issued = new ConcurrentHashMap<>();
    private final Map<String, String> proven = new ConcurrentHashMap<>();
    private final SSLServerSocket server;
    private final ExecutorService threads = Executors.newCachedThreadPool();

    /** Answers with raw bytes, or hangs and breaks off as it likes. */
    interface Responder {
        byte[] respond(Request request) throws Exception;
    }

    @SuppressWarnings("ArrayRecordComponent") // nobody compares requests
    record Request(String line, Map<String, String> headers, byte[] body, Optional<X509Certificate> client) {
        String path() {
            return line.split(" ", -1)[1];
        }
    }

    FakeService() {
        this("spiffe://gatehouse.internal/service/enrollment");
    }

    FakeService(String role) {
        try {
            var held = servicesCa.server(order -> order.uri(role));
            server = (SSLServerSocket) context(held, () -> true)
                    .getServerSocketFactory()
                    .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
            server.setWantClientAuth(true);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        responders.put(
                "cacerts",
                request -> ok(EstCodec.encodeOneLine(EstCodec.certsOnly(List.of(
                        devicesCa.certificate(),
                        devicesCa.rootCertificate(),
                        servicesCa.certificate(),
                        servicesCa.rootCertificate())))));
        responders.put("simpleenroll", this::enroll);
        responders.put("simplereenroll", this::reenroll);
        responders.put("device", this::device);
        threads.execute(this::accept);
    }

    String url() {
        return "https://localhost:" + server.getLocalPort();
    }

    List<X509Certificate> roots() {
        return List.of(servicesCa.rootCertificate());
    }

    int count(String operation) {
        return (int) requests.stream()
                .filter(r -> r.path().endsWith("/" + operation))
                .count();
    }

    byte[] enroll(Request request) throws Exception {
        var expected =
                "Basic " + Base64.getEncoder().encodeToString(("d-1:" + SECRET).getBytes(StandardCharsets.UTF_8));
        if (!expected.equals(request.headers().get("authorization"))) {
            return answer(401, Map.of("Gatehouse-Reason", "wrong-secret"), new byte[0]);
        }
        return issue(request, "claim");
    }

    private byte[] reenroll(Request request) throws Exception {
        if (request.client().isEmpty()) {
            return answer(401, Map.of("Gatehouse-Reason", "no-credentials"), new byte[0]);
        }
        return issue(request, Certificates.fingerprint(request.client().get()).hex());
    }

    /** The same right with the same key gets the same certificate. */
    private byte[] issue(Request request, String right) throws Exception {
        var csr = EstCodec.request(request.body()).orThrow();
        if (csr.verifySignature().isPresent()) {
            return answer(400, Map.of("Gatehouse-Reason", "bad-signature"), new byte[0]);
        }
        var certificate = issued.computeIfAbsent(right + csr.key().fingerprint(), any -> certificate(csr));
        var now = clock.instant();
        return answer(
                200,
                Map.of(
                        "Gatehouse-Renew-From", now.plus(Duration.ofDays(60)).toString(),
                        "Gatehouse-Renew-Until", now.plus(Duration.ofDays(70)).toString()),
                EstCodec.encodeOneLine(EstCodec.certsOnly(List.of(certificate))));
    }

    X509Certificate certificate(Pkcs10Request csr) {
        return devicesCa
                .device("d-1", order -> {
                    order.key(new KeyPair(csr.key().publicKey(), null));
                    profile.accept(order);
                })
                .certificate();
    }

    private byte[] device(Request request) {
        if (request.client().isEmpty()) {
            return answer(401, Map.of("Gatehouse-Reason", "no-certificate"), new byte[0]);
        }
        var sha256 = Certificates.fingerprint(request.client().get()).hex();
        proven.put("d-1", sha256);
        var now = clock.instant();
        var from = renewFrom.orElse(windows.computeIfAbsent(sha256, first -> now.plus(Duration.ofDays(60))));
        var json = "{\"device\":\"d-1\",\"state\":\"" + state + "\",\"reason\":"
                + reason.map(word -> "\"" + word + "\"").orElse("null") + ",\"renewFrom\":\""
                + from + "\",\"renewUntil\":\"" + from.plus(renewFrom.isPresent() ? Duration.ZERO : Duration.ofDays(10))
                + "\",\"broker\":\"" + broker + "\",\"time\":\"" + now + "\"}";
        return ok(json.getBytes(StandardCharsets.UTF_8));
    }

    /** The certificate that last asked about its device. */
    Optional<String> proven() {
        return Optional.ofNullable(proven.get("d-1"));
    }

    static byte[] ok(byte[] body) {
        return answer(200, Map.of(), body);
    }

    static byte[] answer(int status, Map<String, String> headers, byte[] body) {
        var head = new StringBuilder("HTTP/1.1 " + status + " X\r\nContent-Length: " + body.length + "\r\n");
        headers.forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
        var out = new ByteArrayOutputStream();
        out.writeBytes((head + "\r\n").getBytes(StandardCharsets.US_ASCII));
        out.writeBytes(body);
        return out.toByteArray();
    }

    private void accept() {
        try {
            while (true) {
                var socket = (SSLSocket) server.accept();
                threads.execute(() -> serve(socket));
            }
        } catch (IOException closed) {
            // the test is over
        }
    }

    private void serve(SSLSocket socket) {
        try (socket) {
            var request = read(socket);
            requests.add(request);
            var path = request.path();
            var responder = responders.get(path.substring(path.lastIndexOf('/') + 1));
            var answer = responder == null ? answer(404, Map.of(), new byte[0]) : responder.respond(request);
            socket.getOutputStream().write(answer);
            socket.getOutputStream().flush();
        } catch (Exception e) {
            // the client sees a connection that breaks off
        }
    }

    private static Request read(SSLSocket socket) throws IOException {
        var in = socket.getInputStream();
        var line = line(in);
        var headers = new HashMap<String, String>();
        for (var header = line(in); !header.isEmpty(); header = line(in)) {
            headers.put(
                    header.substring(0, header.indexOf(':')).toLowerCase(Locale.ROOT),
                    header.substring(header.indexOf(':') + 1).strip());
        }
        var body = in.readNBytes(Integer.parseInt(headers.getOrDefault("content-length", "0")));
        return new Request(line, headers, body, client(socket));
    }

    private static Optional<X509Certificate> client(SSLSocket socket) {
        try {
            return Optional.of((X509Certificate) socket.getSession().getPeerCertificates()[0]);
        } catch (SSLPeerUnverifiedException e) {
            return Optional.empty();
        }
    }

    private static String line(InputStream in) throws IOException {
        var line = new StringBuilder();
        for (var octet = in.read(); octet >= 0 && octet != '\n'; octet = in.read()) {
            if (octet != '\r') {
                line.append((char) octet);
            }
        }
        if (line.isEmpty() && in.available() < 0) {
            throw new IOException("closed");
        }
        return line.toString();
    }

    /** A context that asks for a client certificate, and takes any unless told not to. */
    static SSLContext context(HeldCertificate held, BooleanSupplier takes) {
        try {
            var context = SSLContext.getInstance("TLS");
            context.init(held.keyManagers().getKeyManagers(), new TrustManager[] {new AnyClient(takes)}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        threads.shutdownNow();
    }

    private static final class AnyClient extends X509ExtendedTrustManager {
        private final BooleanSupplier takes;

        AnyClient(BooleanSupplier takes) {
            this.takes = takes;
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
                throws CertificateException {
            if (!takes.getAsBoolean()) {
                throw new CertificateException("not taken");
            }
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
