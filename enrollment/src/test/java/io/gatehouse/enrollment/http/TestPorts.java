package io.gatehouse.enrollment.http;

import io.gatehouse.enrollment.keys.ServerIdentity;
import io.gatehouse.enrollment.keys.ServerKeyManager;
import io.gatehouse.identity.RefusalReason;
import io.gatehouse.testkit.HeldCertificate;
import io.gatehouse.testkit.TestAuthority;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/** Three ports with the same routes: over TLS, plain, and with very little patience. One of each for all tests of a run. */
final class TestPorts {
    private TestPorts() {}

    static final TestAuthority CA = TestAuthority.root();
    static final HeldCertificate SERVER = CA.server(order -> {});
    static final ConcurrentLinkedQueue<Observer.Seen> SEEN = new ConcurrentLinkedQueue<>();
    static final CountDownLatch STREAM_ENDED = new CountDownLatch(1);
    static final HttpPort secure;
    static final HttpPort plain;
    static final HttpPort hasty;

    static final RefusalForm TEXT = (reason, detail) -> Answer.text(status(reason), reason.word())
            .with("Gatehouse-Reason", reason.word())
            .because(reason);

    static int status(RefusalReason reason) {
        return switch (reason) {
            case NOT_FOUND -> 404;
            case METHOD_NOT_ALLOWED -> 405;
            case TOO_LARGE -> 413;
            case INTERNAL_ERROR -> 500;
            case UNAVAILABLE -> 503;
            default -> 400;
        };
    }

    static final Routes ROUTES = new Routes(List.of(
            Route.get("/hello", request -> Answer.text(200, "hello")),
            Route.get(
                    "/who",
                    request -> Answer.text(
                            200,
                            request.peer().certificates().stream()
                                    .map(c -> c.getSubjectX500Principal().getName())
                                    .findFirst()
                                    .orElse("nobody"))),
            Route.get("/things/{thing}", request -> Answer.text(200, "thing " + request.variable("thing"))),
            Route.get("/things/best", request -> Answer.text(200, "the best")),
            Route.get("/none", request -> Answer.empty(204)),
            Route.get(
                    "/big",
                    request -> Answer.of(200, "text/plain", "x".repeat(10_000).getBytes(StandardCharsets.UTF_8))),
            Route.get("/working", request -> {
                // three sweeps long, on a port whose peers may take 0.8 seconds
                LockSupport.parkNanos(Duration.ofMillis(2_200).toNanos());
                return Answer.text(200, "worked");
            }),
            Route.get("/broken", request -> {
                throw new IllegalStateException("secret of the inside");
            }),
            Route.get(
                    "/stream",
                    request -> new Answer.Streamed(200, List.of(), sink -> {
                        sink.write("one\n".getBytes(StandardCharsets.UTF_8));
                        sink.write("two\n".getBytes(StandardCharsets.UTF_8));
                    })),
            Route.get(
                    "/forever",
                    request -> new Answer.Streamed(200, List.of(), sink -> {
                        try {
                            while (true) {
                                sink.write(new byte[64 * 1024]);
                            }
                        } finally {
                            STREAM_ENDED.countDown();
                        }
                    })),
            Route.withBody(Method.POST, "/echo", 1_000, request -> Answer.of(200, "text/plain", request.body()))));

    static {
        var tls = showing(new AtomicReference<>(identity(SERVER)));
        var any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        secure = HttpPort.open(
                PortSettings.of("secure", any).askingForCertificate().streams(2),
                Optional.of(tls),
                ROUTES,
                TEXT,
                SEEN::add);
        plain = HttpPort.open(PortSettings.of("plain", any), Optional.empty(), ROUTES, TEXT, SEEN::add);
        hasty = HttpPort.open(
                PortSettings.of("hasty", any).patience(Duration.ofMillis(800)).streams(1),
                Optional.empty(),
                ROUTES,
                TEXT,
                SEEN::add);
    }

    static ServerIdentity identity(HeldCertificate held) {
        return new ServerIdentity(held.privateKey(), held.chain());
    }

    static ServerTls showing(AtomicReference<ServerIdentity> identity) {
        return new ServerTls(new ServerKeyManager(identity::get));
    }

    static RawPeer.Reply plainly(String request) throws IOException {
        try (var peer = RawPeer.plain(plain.port())) {
            return peer.send(request).readToEnd();
        }
    }

    static String get(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    }

    static RawPeer secured(String... protocols) throws IOException {
        return RawPeer.tls(secure.port(), HeldCertificate.anonymous(List.of(CA.certificate())), protocols);
    }
}
