package io.gatehouse.admission.feed;

import static io.gatehouse.admission.Directories.sha256;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.RefusalReason;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReportCodecTest {
    private static final Instant TIME = Instant.parse("2026-02-03T04:05:06Z");
    private static final DeviceId DEVICE = DeviceId.of("d-1");
    private static final Report REPORT = new Report(
            "e",
            17,
            true,
            List.of(new Report.Opened("s1", "d-1", DEVICE, sha256("c"), "10.0.0.1:5", "tcp", "TLSv1.3", TIME)),
            List.of(new Report.Closed("s0", "d-1:x", DEVICE, "revoked", TIME)),
            List.of(
                    new Report.Refused(
                            TIME, RefusalReason.STALE, Optional.empty(), Optional.empty(), Optional.empty(), "a"),
                    new Report.Refused(
                            TIME,
                            RefusalReason.REVOKED,
                            Optional.of("\u0000\u2028x"),
                            Optional.of(DEVICE),
                            Optional.of(sha256("c")),
                            "a")),
            List.of(new Report.Enforced(17, 2)),
            List.of(sha256("c")),
            Optional.of(new Report.Status(
                    false,
                    Optional.of("stale"),
                    "SunEC",
                    "1",
                    List.of(sha256("ca")),
                    List.of("the listener \"plain\" is without TLS"),
                    List.of("no native provider"))));

    @Test
    void reads_what_it_writes() {
        assertThat(ReportCodec.read(ReportCodec.write(REPORT))).isEqualTo(new Parsed.Value<>(REPORT));
    }

    @Test
    void absent_lists_are_empty() {
        assertThat(read("{'epoch':'e','revision':0,'later':{'x':[1]}}"))
                .isEqualTo(new Parsed.Value<>(new Report(
                        "e", 0, false, List.of(), List.of(), List.of(), List.of(), List.of(), Optional.empty())));
    }

    @Test
    void a_report_cut_anywhere_is_none() {
        byte[] bytes = ReportCodec.write(REPORT);

        for (int end = 0; end < bytes.length; end++) {
            assertThat(ReportCodec.read(java.util.Arrays.copyOf(bytes, end)))
                    .as("cut at %d", end)
                    .isInstanceOf(Parsed.Malformed.class);
        }
    }

    @Test
    void never_throws_whatever_the_bytes() {
        var random = new Random(2);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = ReportCodec.write(REPORT);
            for (int j = random.nextInt(4); j >= 0; j--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            assertThat(ReportCodec.read(bytes)).isNotNull();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{}",
                "{'epoch':'e'}",
                "{'revision':1}",
                "{'epoch':'e','revision':-1}",
                "{'epoch':'e','revision':1,'full':'true'}",
                "{'epoch':'e','revision':1,'opened':{}}",
                "{'epoch':'e','revision':1,'opened':[1]}",
                "{'epoch':'e','revision':1,'opened':[{'session':'s'}]}",
                "{'epoch':'e','revision':1,'closed':[{'session':1}]}",
                "{'epoch':'e','revision':1,'refused':[{'at':'2026-02-03T04:05:06Z','reason':'bad-luck','address':'a'}]}",
                "{'epoch':'e','revision':1,'enforced':[{'revision':1,'sessions':-1}]}",
                "{'epoch':'e','revision':1,'admitted':['00']}",
                "{'epoch':'e','revision':1,'status':{'ready':1,'provider':'p','version':'v'}}"
            })
    void calls_malformed_what_is_wrong(String json) {
        assertThat(read(json)).isInstanceOf(Parsed.Malformed.class);
    }

    @Test
    void bounds_the_whole_and_each_text() {
        String text = "x".repeat(513);
        assertThat(read("{'epoch':'e','revision':1,'closed':[{'session':'" + text + "'}]}"))
                .isInstanceOf(Parsed.Malformed.class);
        assertThat(ReportCodec.read(new byte[Report.MAX_BYTES + 1])).isInstanceOf(Parsed.Malformed.class);
    }

    private static Parsed<Report> read(String json) {
        return ReportCodec.read(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }
}
