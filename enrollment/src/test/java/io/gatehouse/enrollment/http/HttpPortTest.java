package io.gatehouse.enrollment.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.enrollment.keys.ServerIdentity;
import io.gatehouse.enrollment.keys.ServerKeyManager;
import io.gatehouse.identity.RefusalReason;
import io.gatehouse.testkit.Await;
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
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class HttpPortTest {
    private static final TestAuthority CA = TestAuthority.root();
    private static final HeldCertificate SERVER = CA.server(order -> {});
    private static final ConcurrentLinkedQueue<Observer.Seen> SEEN = new ConcurrentLinkedQueue<>();
    private static final CountDownLatch STREAM_ENDED = new CountDownLatch(1);
    private static HttpPort secure;
    private static HttpPort plain;
    private static HttpPort hasty;
    private static ServerTls tls;

    private static final RefusalForm TEXT = (reason, detail) -> Answer.text(status(reason), reason.word())
            .with("Gatehouse-Reason", reason.word())
            .because(reason);

    private static int status(RefusalReason reason) {
        return switch (reason) {
            case NOT_FOUND -> 404;
            case METHOD_NOT_ALLOWED -> 405;
            case TOO_LARGE -> 413;
            case INTERNAL_ERROR -> 500;
            default -> 400;
        };
    }

    private static final Routes ROUTES = new Routes(List.of(
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

    @BeforeAll
    static void start() {
        tls = showing(new AtomicReference<>(identity(SERVER)));
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

    private static ServerIdentity identity(HeldCertificate held) {
        return new ServerIdentity(held.privateKey(), held.chain());
    }

    private static ServerTls showing(AtomicReference<ServerIdentity> identity) {
        return new ServerTls(new ServerKeyManager(identity::get));
    }

    @AfterAll
    static void stop() {
        secure.close();
        plain.close();
        hasty.close();
    }

    private static RawPeer.Reply plainly(String request) throws IOException {
        try (var peer = RawPeer.plain(plain.port())) {
            return peer.send(request).readToEnd();
        }
    }

    private static String get(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    }

    private static RawPeer secured(String... protocols) throws IOException {
        return RawPeer.tls(secure.port(), HeldCertificate.anonymous(List.of(CA.certificate())), protocols);
    }

    @Test
    void answers_with_the_length_spelled_as_old_clients_compare_it_and_no_word_about_the_server() throws IOException {
        var reply = plainly(get("/hello"));
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.head()).contains("Content-Length: 6").noneMatch(line -> line.startsWith("Server:"));
        assertThat(String.join("\n", reply.head()))
                .doesNotContainIgnoringCase("jetty")
                .doesNotContain("Transfer-Encoding");
    }

    @Test
    void head_and_body_come_in_one_tls_record() throws IOException {
        for (var version : List.of("TLSv1.2", "TLSv1.3")) {
            try (var peer = secured(version)) {
                peer.send(get("/big").replace("Connection: close\r\n", ""));
                assertThat(peer.readOnce()).startsWith("HTTP/1.1 200").endsWith("x".repeat(10_000));
            }
        }
    }

    @Test
    void says_goodbye_in_tls_before_it_closes() throws IOException {
        for (var version : List.of("TLSv1.2", "TLSv1.3")) {
            try (var peer = secured(version)) {
                // the JDK's socket throws SSLException when the end comes without close_notify
                assertThat(peer.send(get("/hello")).readToEnd().body()).isEqualTo("hello\n");
            }
        }
    }

    @Test
    void takes_any_client_certificate_in_the_handshake_and_hands_it_on() throws IOException {
        var stranger = TestAuthority.root("elsewhere").device("d-1", order -> order.expired());
        try (var peer = RawPeer.tls(secure.port(), stranger.sslContext(List.of(CA.certificate())))) {
            assertThat(peer.send(get("/who")).readToEnd().body()).contains("CN=d-1");
        }
        try (var peer = secured()) {
            assertThat(peer.send(get("/who")).readToEnd().body()).isEqualTo("nobody\n");
        }
    }

    @Test
    void shows_a_new_certificate_without_a_restart() throws Exception {
        var shown = new AtomicReference<>(identity(SERVER));
        var own = showing(shown);
        try (var port = HttpPort.open(
                PortSettings.of("renewed", new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
                Optional.of(own),
                ROUTES,
                TEXT,
                SEEN::add)) {
            for (int i = 0; i < 3; i++) {
                var next = CA.server(order -> {});
                shown.set(identity(next));
                try (var peer = RawPeer.tls(port.port(), HeldCertificate.anonymous(List.of(CA.certificate())))) {
                    assertThat(peer.tlsSocket().getSession().getPeerCertificates()[0])
                            .isEqualTo(next.certificate());
                }
            }
        }
    }

    @Test
    void offers_no_suite_without_forward_secrecy_and_no_old_version() throws IOException {
        var context = HeldCertificate.anonymous(List.of(CA.certificate()));
        try (var socket =
                (javax.net.ssl.SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", secure.port())) {
            socket.setEnabledProtocols(new String[] {"TLSv1.2"});
            socket.setEnabledCipherSuites(new String[] {"TLS_RSA_WITH_AES_128_GCM_SHA256"});
            assertThat(catchHandshake(socket)).isInstanceOf(SSLException.class);
        }
    }

    private static Throwable catchHandshake(javax.net.ssl.SSLSocket socket) {
        return org.assertj.core.api.Assertions.catchThrowable(socket::startHandshake);
    }

    @Test
    void a_fixed_path_wins_over_a_variable_one() throws IOException {
        assertThat(plainly(get("/things/best")).body()).isEqualTo("the best\n");
        assertThat(plainly(get("/things/d-1")).body()).isEqualTo("thing d-1\n");
        assertThat(plainly(get("/things/d%2D1")).body()).isEqualTo("thing d-1\n");
    }

    @Test
    void tricks_with_paths_reach_nothing() throws IOException {
        for (var path : List.of(
                "/things/%2e%2e/hello",
                "/things/..%2Fhello",
                "/things//d",
                "/things/a;b=c",
                "/things/%00",
                "/things/%zz",
                "/things/a%5Cb",
                "/./hello",
                "/things/%0d%0aX:y",
                "/things/../hello",
                "//hello",
                "/hello/")) {
            var reply = plainly(get(path));
            assertThat(reply.status()).as(path).isBetween(400, 404);
            assertThat(reply.body()).as(path).isIn("bad-request\n", "not-found\n");
        }
    }

    @Test
    void a_query_that_says_a_thing_twice_is_refused() throws IOException {
        assertThat(plainly(get("/hello?a=1&a=2")).status()).isEqualTo(400);
        assertThat(plainly(get("/hello?a=%zz")).status()).isEqualTo(400);
        assertThat(plainly(get("/hello?" + "a".repeat(40) + "=1")).status()).isEqualTo(200);
    }

    @Test
    void another_method_is_answered_with_those_that_are_there() throws IOException {
        for (var method : List.of("DELETE", "TRACE", "OPTIONS", "FOO", "get")) {
            var reply = plainly(get("/hello").replace("GET", method));
            assertThat(reply.status()).as(method).isEqualTo(405);
            assertThat(reply.header("Allow")).as(method).isEqualTo("GET, HEAD");
        }
    }

    @Test
    void head_has_the_head_of_get_and_no_body() throws IOException {
        var reply = plainly(get("/hello").replace("GET", "HEAD"));
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.header("Content-Length")).isEqualTo("6");
        assertThat(reply.body()).isEmpty();
    }

    @Test
    void no_content_has_no_length() throws IOException {
        var reply = plainly(get("/none"));
        assertThat(reply.status()).isEqualTo(204);
        assertThat(reply.header("Content-Length")).isEmpty();
    }

    @Test
    void takes_bodies_whole_in_pieces_chunked_and_after_consent() throws IOException {
        var head = "POST /echo HTTP/1.1\r\nHost: x\r\nConnection: close\r\n";
        assertThat(plainly(head + "Content-Length: 3\r\n\r\nabc").body()).isEqualTo("abc");
        assertThat(plainly(head + "Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n2\r\nbc\r\n0\r\n\r\n")
                        .body())
                .isEqualTo("abc");
        try (var peer = RawPeer.plain(plain.port())) {
            peer.send(head + "Content-Length: 3\r\nExpect: 100-continue\r\n\r\n");
            assertThat(peer.readOnce()).startsWith("HTTP/1.1 100 Continue");
            assertThat(peer.send("abc").readToEnd().body()).isEqualTo("abc");
        }
    }

    @Test
    void a_body_over_its_bound_is_refused_with_an_answer_that_arrives() throws IOException {
        var head = "POST /echo HTTP/1.1\r\nHost: x\r\nConnection: close\r\n";
        assertThat(plainly(head + "Content-Length: 100000\r\n\r\n" + "x".repeat(100_000))
                        .status())
                .isEqualTo(413);
        assertThat(plainly(head + "Content-Length: 100000\r\nExpect: 100-continue\r\n\r\n")
                        .status())
                .isEqualTo(413);
        assertThat(plainly(head + "Content-Length: 99999999999\r\n\r\n").status())
                .isEqualTo(413);
        var chunk = "3e8\r\n" + "x".repeat(1000) + "\r\n";
        assertThat(plainly(head + "Transfer-Encoding: chunked\r\n\r\n" + chunk + chunk + "0\r\n\r\n")
                        .status())
                .isEqualTo(413);
        assertThat(plainly("GET /hello HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx")
                        .status())
                .isEqualTo(413);
    }

    @Test
    void a_body_for_a_path_that_is_not_there_does_not_cost_the_peer_its_answer() throws IOException {
        var head = "POST /nowhere HTTP/1.1\r\nHost: x\r\nContent-Length: 500000\r\n\r\n";
        assertThat(plainly(head + "x".repeat(500_000)).status()).isEqualTo(404);
    }

    @Test
    void a_body_that_never_ends_is_cut_off() throws IOException {
        try (var peer = RawPeer.plain(plain.port())) {
            peer.send("POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
            var chunk = ("8000\r\n" + "x".repeat(0x8000) + "\r\n").getBytes(StandardCharsets.UTF_8);
            int sent = 0;
            try {
                for (; sent < 10_000; sent++) {
                    peer.send(chunk);
                }
            } catch (IOException e) {
                // the server has closed
            }
            assertThat(sent).isLessThan(10_000);
        }
    }

    @Test
    void garbage_is_answered_by_a_word_and_never_by_a_page() throws IOException {
        for (var garbage : List.of(
                "\0\0\0\0\r\n\r\n",
                "HELLO\r\n\r\n",
                "GET /hello HTTP/9.9\r\n\r\n",
                "GET /hello HTTP/1.1\r\n\r\n",
                "GET /hello HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
                "GET /hello HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
                "GET /hello HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
                "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\nabc",
                "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: nonsense\r\n\r\nabc",
                "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc",
                "GET /" + "x".repeat(9_000) + " HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET /hello HTTP/1.1\r\nHost: x\r\nX: " + "x".repeat(9_000) + "\r\n\r\n",
                "GET /hello HTTP/1.1\r\nHost: x\r\nbad header\r\n\r\n",
                "GET /hello HTTP/1.1\r\nHost: x\r\n" + "A: b\r\n".repeat(3_000) + "\r\n")) {
            var reply = plainly(garbage);
            var shown = garbage.substring(0, Math.min(80, garbage.length()));
            assertThat(reply.status()).as(shown).isBetween(400, 505);
            assertThat(reply.header("Content-Type")).as(shown).startsWith("text/plain");
            assertThat(reply.header("Gatehouse-Reason")).as(shown).isIn("bad-request", "too-large", "internal-error");
            assertThat(reply.body()).as(shown).doesNotContain("<").doesNotContain("Exception");
        }
    }

    @Test
    void a_failure_inside_shows_nothing_of_the_inside() throws IOException {
        var reply = plainly(get("/broken"));
        assertThat(reply.status()).isEqualTo(500);
        assertThat(reply.body()).isEqualTo("internal-error\n");
    }

    @Test
    void a_peer_that_sends_its_head_or_its_body_too_slowly_is_dropped() throws Exception {
        for (var start : List.of("", "GET /hello HT", "GET /hello HTTP/1.1\r\nHost: x\r\nX: ")) {
            try (var peer = RawPeer.plain(hasty.port())) {
                peer.send(start);
                Await.until("dropped after: " + start, Duration.ofSeconds(8), () -> {
                    peer.socket().setSoTimeout(100);
                    try {
                        peer.send("x");
                    } catch (IOException e) {
                        return true;
                    }
                    return peer.ended();
                });
            }
        }
        try (var peer = RawPeer.plain(hasty.port())) {
            peer.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\nabc");
            assertThat(peer.readToEnd().status()).isEqualTo(408);
        }
    }

    @Test
    void a_stream_comes_in_chunks_and_ends() throws IOException {
        try (var peer = secured()) {
            peer.send("GET /stream HTTP/1.1\r\nHost: x\r\n\r\n" + get("/hello"));
            var reply = peer.readToEnd();
            assertThat(reply.header("Transfer-Encoding")).isEqualTo("chunked");
            assertThat(reply.body()).contains("one\n").contains("two\n").contains("0\r\n\r\nHTTP/1.1 200");
        }
    }

    @Test
    void a_stream_whose_reader_takes_nothing_is_cut() throws Exception {
        try (var peer = RawPeer.plain(hasty.port())) {
            peer.send("GET /forever HTTP/1.1\r\nHost: x\r\n\r\n");
            assertThat(STREAM_ENDED.await(20, java.util.concurrent.TimeUnit.SECONDS))
                    .isTrue();
        }
    }

    @Test
    void each_refusal_is_seen_with_the_route_and_never_with_what_the_peer_sent() throws IOException {
        plainly(get("/secret-in-the-path"));
        assertThat(SEEN).anyMatch(seen -> seen.refusal().equals(Optional.of(RefusalReason.NOT_FOUND)));
        assertThat(SEEN).noneMatch(seen -> seen.toString().contains("secret-in-the-path"));
    }
}
