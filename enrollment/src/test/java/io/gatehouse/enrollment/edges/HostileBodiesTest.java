package io.gatehouse.enrollment.edges;

import static io.gatehouse.enrollment.edges.RunningService.basic;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.enrollment.http.RawPeer;
import io.gatehouse.testkit.ProcessRun;
import io.gatehouse.testkit.Tools;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bodies that are far too large or have no end: told so, not kept, and the port goes on. */
class HostileBodiesTest {
    private static final RunningService SERVICE = RunningService.get();
    private static final int TWENTY_MEGABYTES = 20 * 1024 * 1024;

    @TempDir
    private Path directory;

    private final String id = SERVICE.newDeviceName();
    private final String secret = SERVICE.claim(SERVICE.newFleet(), id);

    @Test
    void a_peer_that_sends_twenty_megabytes_as_announced_reads_why_not() throws IOException {
        for (var version : List.of("TLSv1.2", "TLSv1.3")) {
            try (var peer = RawPeer.tls(SERVICE.config.enrollPort(), SERVICE.trusting(), version)) {
                peer.send(head() + "Content-Length: " + TWENTY_MEGABYTES + "\r\n\r\n");
                assertTooLarge(answered(peer, TWENTY_MEGABYTES, false));
            }
        }
    }

    @Test
    void a_peer_that_announces_twenty_megabytes_need_not_send_them_to_read_why_not() throws IOException {
        for (var version : List.of("TLSv1.2", "TLSv1.3")) {
            try (var peer = RawPeer.tls(SERVICE.config.enrollPort(), SERVICE.trusting(), version)) {
                peer.send(head() + "Content-Length: " + TWENTY_MEGABYTES + "\r\n\r\nAAAA");
                assertThat(peer.readOnce()).startsWith("HTTP/1.1 413 ");
            }
        }
    }

    @Test
    void a_peer_whose_body_never_ends_reads_why_not() throws IOException {
        try (var peer = RawPeer.tls(SERVICE.config.enrollPort(), SERVICE.trusting())) {
            peer.send(head() + "Transfer-Encoding: chunked\r\n\r\n");
            assertTooLarge(answered(peer, Integer.MAX_VALUE, true));
        }
    }

    @Test
    void curl_with_twenty_megabytes_is_told_why_not() throws IOException {
        Tools.require("curl");
        var large = directory.resolve("large");
        try (var file = new RandomAccessFile(large.toFile(), "rw")) {
            file.setLength(TWENTY_MEGABYTES);
        }
        for (var how : new String[] {"Expect: 100-continue", "Expect:", "Transfer-Encoding: chunked"}) {
            var answer = ProcessRun.of(
                            "curl",
                            "-sS",
                            "-D",
                            "-",
                            "--cacert",
                            SERVICE.trustFile().toString())
                    .with("-u", id + ":" + secret, "-H", "Content-Type: application/pkcs10", "-H", how)
                    .with("--data-binary", "@" + large, SERVICE.enrollUrl() + "/.well-known/est/simpleenroll")
                    .within(Duration.ofSeconds(60))
                    .run();
            assertThat(answer.out()).as(how + answer.err()).contains("413", "Gatehouse-Reason: too-large");
            assertThat(SERVICE.rest("GET", "/api/v1/devices/" + id, null, "application/json")
                            .statusCode())
                    .isEqualTo(404);
        }
    }

    private String head() {
        return "POST /.well-known/est/simpleenroll HTTP/1.1\r\nHost: x\r\nContent-Type: application/pkcs10\r\n"
                + basic(id, secret);
    }

    /** Sends until the service has had enough of it, then reads what it says. */
    private static RawPeer.Reply answered(RawPeer peer, int length, boolean chunked) throws IOException {
        var piece = new byte[16 * 1024];
        Arrays.fill(piece, (byte) 'A');
        var frame = chunked ? "4000\r\n".getBytes(StandardCharsets.US_ASCII) : new byte[0];
        try {
            for (long sent = 0; sent < length; sent += piece.length) {
                peer.send(frame).send(piece).send(chunked ? "\r\n" : "");
            }
        } catch (IOException enough) {
            // the service has closed its side; what it said before is still to be read
        }
        return peer.readToEnd();
    }

    private void assertTooLarge(RawPeer.Reply reply) {
        assertThat(reply.status()).isEqualTo(413);
        assertThat(reply.header("Gatehouse-Reason")).isEqualTo("too-large");
        assertThat(reply.body()).startsWith("too-large");
        assertThat(SERVICE.rest("GET", "/api/v1/devices/" + id, null, "application/json")
                        .statusCode())
                .isEqualTo(404);
    }
}
