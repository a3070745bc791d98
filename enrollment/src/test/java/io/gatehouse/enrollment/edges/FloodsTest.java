package io.gatehouse.enrollment.edges;

import static io.gatehouse.enrollment.edges.RunningService.basic;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.gatehouse.enrollment.app.Throttle;
import io.gatehouse.enrollment.http.RawPeer;
import io.gatehouse.testkit.Await;
import io.gatehouse.testkit.MutableClock;
import io.gatehouse.testkit.TestDevice;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.slf4j.LoggerFactory;

/**
 * Many refusals at once, over the real port: each gets its answer, the audit gets nothing, the log a bounded number of lines, and who
 * has a right secret gets in. Each test has a minute and addresses of its own (127.9.0.0/16), so that what is counted is what it sent.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FloodsTest {
    private static final int FLOOD = 400;
    /** What the log of refusals writes in a second at most; it says how many it left out. */
    private static final int LINES_A_SECOND = 20;

    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.1 (\\d{3}) ");

    private final MutableClock clock = MutableClock.at(Instant.now());
    private final RunningService service = RunningService.started(clock);
    private final String fleet = service.newFleet();
    private final Lines lines = new Lines();
    private final Logger refusals = (Logger) LoggerFactory.getLogger("io.gatehouse.refusals");
    private final Logger alarms = (Logger) LoggerFactory.getLogger("io.gatehouse.enrollment.wiring.UseCases");
    private long before;
    private long began;

    @BeforeEach
    void begin() {
        lines.start();
        refusals.setLevel(Level.INFO);
        refusals.setAdditive(false);
        refusals.addAppender(lines);
        alarms.addAppender(lines);
        awaitALine();
        clock.advance(Duration.ofMinutes(2));
        before = auditEntries();
        began = System.nanoTime();
    }

    @AfterEach
    void end() {
        refusals.detachAppender(lines);
        refusals.setLevel(null);
        refusals.setAdditive(true);
        alarms.detachAppender(lines);
        lines.stop();
    }

    /** The test before may have used up what the log writes in this second. */
    private void awaitALine() {
        int already = lines.of("refused reason=", "127.9.9.").size();
        Await.until("a refusal is logged", Duration.ofSeconds(10), () -> {
            assertThat(enroll("127.9.9.9", "nobody", "").status()).isBetween(400, 499);
            return lines.of("refused reason=", "127.9.9.").size() > already;
        });
    }

    @Test
    void wrong_secrets_of_one_source_are_throttled() {
        var id = service.newDeviceName();
        var secret = service.claim(fleet, id);
        before = auditEntries();

        var answers = flood("127.9.0.1", service.trusting(), basic(id, "wrong"), FLOOD);
        assertThat(answers.subList(0, Throttle.PER_MINUTE)).containsOnly(401);
        assertThat(answers.subList(Throttle.PER_MINUTE, FLOOD)).containsOnly(429);
        assertQuiet("127.9.0.", 1);
        assertNobody(id);
        assertThat(enroll("127.9.0.1", id, secret).status())
                .as("a right secret passes")
                .isEqualTo(200);
    }

    @Test
    void refused_certificates_are_answered_one_by_one_and_throttle_no_secret() {
        var id = service.newDeviceName();
        var revoked = service.enrolled(fleet, id);
        service.expect(200, "POST", "/api/v1/devices/" + id + "/revoke", Map.of("waitMillis", 0));
        before = auditEntries();

        assertThat(flood("127.9.1.1", revoked.sslContext(service.anchors()), "", FLOOD))
                .containsOnly(403);
        assertThat(flood("127.9.1.2", RunningService.foreign(id).sslContext(service.anchors()), "", FLOOD))
                .containsOnly(403);
        assertQuiet("127.9.1.", 0);
        assertThat(service.expect(200, "GET", "/api/v1/devices/" + id, null).path("certificates"))
                .hasSize(1);
        assertThat(enroll("127.9.1.1", id, "wrong").status()).isEqualTo(401);
    }

    @Test
    void wrong_secrets_of_many_sources_throttle_every_wrong_one_and_no_right_one() {
        var id = service.newDeviceName();
        var secret = service.claim(fleet, id);
        before = auditEntries();

        int sources = Throttle.OF_ALL_PER_MINUTE / Throttle.PER_MINUTE;
        for (int source = 1; source <= sources; source++) {
            assertThat(flood("127.9.2." + source, service.trusting(), basic(id, "wrong"), Throttle.PER_MINUTE))
                    .as("source " + source)
                    .containsOnly(401);
        }
        var fresh = enroll("127.9.2.200", id, "wrong");
        assertThat(fresh.status()).isEqualTo(429);
        assertThat(fresh.header("Gatehouse-Reason")).isEqualTo("too-many-requests");
        assertThat(fresh.header("Retry-After")).isEqualTo("60");
        assertQuiet("127.9.2.", 1);
        assertNobody(id);

        assertThat(enroll("127.9.2.200", id, secret).status())
                .as("a right secret passes")
                .isEqualTo(200);
        clock.advance(Throttle.RETRY_AFTER.plusSeconds(1));
        assertThat(enroll("127.9.2.200", id, "wrong").status())
                .as("a minute later")
                .isEqualTo(401);
    }

    /** So many requests on one connection, sent without waiting; their statuses in order. */
    private List<Integer> flood(String source, SSLContext context, String headers, int many) {
        var body = TestDevice.named("anybody").requestBase64();
        var request = "POST /.well-known/est/simpleenroll HTTP/1.1\r\nHost: x\r\nContent-Type: application/pkcs10\r\n"
                + "Content-Length: " + body.length() + "\r\n" + headers;
        var reply = send(
                source,
                context,
                String.join("", Collections.nCopies(many - 1, request + "\r\n" + body)) + request
                        + "Connection: close\r\n\r\n" + body);
        return STATUS.matcher("HTTP/1.1 " + reply.status() + " \r\n" + reply.body())
                .results()
                .map(answer -> Integer.valueOf(answer.group(1)))
                .toList();
    }

    private RawPeer.Reply enroll(String source, String id, String secret) {
        var body = TestDevice.named(id).requestBase64();
        return send(
                source,
                service.trusting(),
                "POST /.well-known/est/simpleenroll HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                        + "Content-Type: application/pkcs10\r\nContent-Length: " + body.length() + "\r\n"
                        + basic(id, secret) + "\r\n" + body);
    }

    private RawPeer.Reply send(String source, SSLContext context, String text) {
        try (var peer = RawPeer.tlsFrom(source, service.config.enrollPort(), context)) {
            return peer.send(text).readToEnd();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** No entry in the audit, at most so many alarms, and of the refusals what the log may write in this time. */
    private void assertQuiet(String network, int alarmLines) {
        assertThat(auditEntries()).isEqualTo(before);
        long seconds = Duration.ofNanos(System.nanoTime() - began).toSeconds() + 2;
        assertThat(lines.of("refused reason=", network))
                .hasSizeBetween(1, (int) (LINES_A_SECOND * seconds))
                .allSatisfy(line -> assertThat(line).hasSizeLessThan(200));
        assertThat(lines.of("somebody tries secrets", network)).hasSize(alarmLines);
    }

    private void assertNobody(String id) {
        assertThat(service.rest("GET", "/api/v1/devices/" + id, null, "application/json")
                        .statusCode())
                .isEqualTo(404);
    }

    private long auditEntries() {
        return service.expect(200, "POST", "/api/v1/audit/verify", null)
                .path("entries")
                .asLong();
    }

    /** What was logged, by whatever thread; other tests of this run log, too. */
    private static final class Lines extends AppenderBase<ILoggingEvent> {
        private final Queue<String> all = new ConcurrentLinkedQueue<>();

        @Override
        protected void append(ILoggingEvent event) {
            all.add(event.getFormattedMessage());
        }

        List<String> of(String start, String network) {
            return all.stream()
                    .filter(line -> line.startsWith(start) && line.contains("from=" + network))
                    .toList();
        }
    }
}
