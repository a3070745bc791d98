package io.gatehouse.enrollment.http;

import static io.gatehouse.enrollment.http.TestPorts.CA;
import static io.gatehouse.enrollment.http.TestPorts.ROUTES;
import static io.gatehouse.enrollment.http.TestPorts.SEEN;
import static io.gatehouse.enrollment.http.TestPorts.SERVER;
import static io.gatehouse.enrollment.http.TestPorts.TEXT;
import static io.gatehouse.enrollment.http.TestPorts.get;
import static io.gatehouse.enrollment.http.TestPorts.identity;
import static io.gatehouse.enrollment.http.TestPorts.plain;
import static io.gatehouse.enrollment.http.TestPorts.plainly;
import static io.gatehouse.enrollment.http.TestPorts.secure;
import static io.gatehouse.enrollment.http.TestPorts.secured;
import static io.gatehouse.enrollment.http.TestPorts.showing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;

class HttpPortTest {
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
    void a_stream_comes_in_chunks_and_ends() throws IOException {
        try (var peer = secured()) {
            peer.send("GET /stream HTTP/1.1\r\nHost: x\r\n\r\n" + get("/hello"));
            var reply = peer.readToEnd();
            assertThat(reply.header("Transfer-Encoding")).isEqualTo("chunked");
            assertThat(reply.body()).contains("one\n").contains("two\n").contains("0\r\n\r\nHTTP/1.1 200");
        }
    }

    @Test
    void a_stream_beyond_the_last_thread_is_asked_to_come_again() throws IOException {
        var end = new CountDownLatch(1);
        var dropped = new CountDownLatch(1);
        var endless = new Answer.Source() {
            @Override
            public void dropped() {
                dropped.countDown();
            }

            @Override
            public void writeTo(Answer.Sink sink) throws IOException, InterruptedException {
                sink.write("begun\n".getBytes(StandardCharsets.US_ASCII));
                end.await();
            }
        };
        var routes =
                new Routes(List.of(Route.get("/endless", request -> new Answer.Streamed(200, List.of(), endless))));
        var any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (var port = HttpPort.open(
                        PortSettings.of("one", any).streams(1), Optional.empty(), routes, TEXT, SEEN::add);
                var first = RawPeer.plain(port.port());
                var second = RawPeer.plain(port.port())) {
            assertThat(first.send(get("/endless")).readOnce()).startsWith("HTTP/1.1 200");
            var reply = second.send(get("/endless")).readToEnd();
            assertThat(reply.status()).isEqualTo(503);
            assertThat(reply.head()).contains("Gatehouse-Reason: unavailable", "Retry-After: 2");
            assertThat(dropped.getCount()).isZero();
            end.countDown();
        }
    }

    @Test
    void the_head_of_a_stream_can_leave_before_its_first_byte() throws Exception {
        var end = new CountDownLatch(1);
        var routes = new Routes(List.of(Route.get(
                "/slow",
                request -> new Answer.Streamed(200, List.of(), sink -> {
                    sink.write(new byte[0]);
                    end.await();
                    sink.write("late".getBytes(StandardCharsets.US_ASCII));
                }))));
        var any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (var port = HttpPort.open(
                        PortSettings.of("one", any).streams(1), Optional.empty(), routes, TEXT, SEEN::add);
                var peer = RawPeer.plain(port.port())) {
            var head = peer.send(get("/slow")).readOnce();
            end.countDown();
            assertThat(head).startsWith("HTTP/1.1 200").endsWith("\r\n\r\n").doesNotContain("late");
            assertThat(peer.readOnce()).contains("late");
        }
    }

    @Test
    void a_stream_that_is_interrupted_is_cut_though_its_peer_takes_nothing() throws Exception {
        var writer = new AtomicReference<Thread>();
        var failure = new CompletableFuture<Throwable>();
        var routes = new Routes(List.of(Route.get(
                "/endless",
                request -> new Answer.Streamed(200, List.of(), sink -> {
                    writer.set(Thread.currentThread());
                    try {
                        while (true) {
                            sink.write(new byte[64 * 1024]);
                        }
                    } catch (IOException e) {
                        failure.complete(e);
                        throw e;
                    }
                }))));
        var any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (var port = HttpPort.open(
                        PortSettings.of("one", any).streams(1), Optional.empty(), routes, TEXT, SEEN::add);
                var deaf = RawPeer.plain(port.port())) {
            deaf.send(get("/endless"));
            Await.until("the writer waits", Duration.ofSeconds(20), () -> {
                var thread = writer.get();
                return thread != null && thread.getState() == Thread.State.WAITING;
            });
            writer.get().interrupt();
            assertThat(failure.get(5, TimeUnit.SECONDS)).isNotNull();
            // Ends, cut: not with the chunk that ends a whole answer.
            assertThatThrownBy(() -> {
                        while (true) {
                            assertThat(deaf.readOnce())
                                    .doesNotEndWith("0\r\n\r\n")
                                    .isNotEmpty();
                        }
                    })
                    .isInstanceOfAny(IOException.class, AssertionError.class)
                    .hasMessageNotContaining("Timeout");
        }
    }
}
