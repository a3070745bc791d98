package io.gatehouse.enrollment.http;

import static io.gatehouse.enrollment.http.TestPorts.SEEN;
import static io.gatehouse.enrollment.http.TestPorts.STREAM_ENDED;
import static io.gatehouse.enrollment.http.TestPorts.get;
import static io.gatehouse.enrollment.http.TestPorts.hasty;
import static io.gatehouse.enrollment.http.TestPorts.plain;
import static io.gatehouse.enrollment.http.TestPorts.plainly;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.identity.RefusalReason;
import io.gatehouse.testkit.Await;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Peers that send what they should not, too much, too slowly, or that do not listen. */
class HostilePeersTest {
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
    void a_peer_that_sends_on_after_its_answer_still_reads_it() throws IOException {
        try (var peer = RawPeer.plain(hasty.port())) {
            peer.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\nabc");
            Await.until(
                    "answered",
                    Duration.ofSeconds(8),
                    () -> peer.socket().getInputStream().available() > 0);
            peer.send("def").send("ghi").send("jkl");
            assertThat(peer.readToEnd().status()).isEqualTo(408);
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

    @Test
    void all_bodies_together_have_a_bound_of_their_own() {
        var room = new BodyRoom(10);
        assertThat(room.take(6)).isTrue();
        assertThat(room.take(5)).isFalse();
        assertThat(room.take(4)).isTrue();
        room.giveBack(6);
        assertThat(room.take(6)).isTrue();
        assertThat(room.take(1)).isFalse();
    }

    @Test
    void a_peer_that_is_busy_for_longer_than_it_may_be_slow_is_not_dropped() throws IOException {
        var many = new StringBuilder();
        for (int i = 0; i < 3; i++) {
            many.append("GET /working HTTP/1.1\r\nHost: x\r\n\r\n");
        }
        try (var peer = RawPeer.plain(hasty.port())) {
            peer.send(many + get("/hello"));
            assertThat(peer.readToEnd().body().split("worked", -1)).hasSize(4);
        }
    }
}
