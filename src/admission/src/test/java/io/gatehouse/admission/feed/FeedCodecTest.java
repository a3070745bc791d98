package io.gatehouse.admission.feed;

import static io.gatehouse.admission.Directories.authority;
import static io.gatehouse.admission.Directories.certificate;
import static io.gatehouse.admission.Directories.device;
import static io.gatehouse.admission.Directories.fleet;
import static io.gatehouse.admission.Directories.sha256;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.gatehouse.identity.CertificateState;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.DeviceState;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class FeedCodecTest {
    private static final Instant TIME = Instant.parse("2026-02-03T04:05:06.789Z");

    static List<FeedLine> lines() {
        return List.of(
                new FeedLine.Hello(1, "e-1", 17, Duration.ofMillis(2000), TIME),
                new FeedLine.SnapshotBegin(1, "e-1", 17, TIME),
                new FeedLine.SnapshotEnd(17, 4),
                new FeedLine.Heartbeat(18, TIME),
                authority("devices"),
                fleet("pumps"),
                device("d-1", "pumps", DeviceState.SUSPENDED, 3),
                new Entry.AuthorityRemoved("devices"),
                new Entry.DeviceRemoved(DeviceId.of("d-1")),
                certificate("c", "d-1", CertificateState.REVOKED),
                new Entry.CertificateRemoved(sha256("c")),
                new FeedLine.Change(19, List.of()),
                new FeedLine.Change(20, List.of(), List.of("s-1", "s-2")),
                new FeedLine.Change(20, List.of(fleet("pumps"), device("d-1", "pumps"), certificate("c", "d-1"))));
    }

    @ParameterizedTest
    @MethodSource("lines")
    void reads_what_it_writes(FeedLine line) {
        byte[] bytes = FeedCodec.write(line);

        assertThat(FeedCodec.read(bytes)).isEqualTo(new Parsed.Value<>(line));
        assertThat(bytes[bytes.length - 1]).isEqualTo((byte) '\n');
        assertThat(new String(bytes, StandardCharsets.UTF_8).strip()).doesNotContain("\n");
    }

    @ParameterizedTest
    @MethodSource("lines")
    void a_line_cut_anywhere_is_no_line(FeedLine line) {
        byte[] bytes = FeedCodec.write(line);

        for (int end = 0; end < bytes.length - 1; end++) {
            assertThat(FeedCodec.read(bytes, 0, end)).as("cut at %d", end).isInstanceOf(Parsed.Malformed.class);
        }
    }

    @ParameterizedTest
    @MethodSource("lines")
    void never_throws_whatever_the_bytes(FeedLine line) {
        var random = new Random(1);
        for (int i = 0; i < 2000; i++) {
            byte[] bytes = FeedCodec.write(line);
            for (int j = random.nextInt(4); j >= 0; j--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            assertThat(FeedCodec.read(bytes)).isNotNull();
        }
    }

    @Test
    void ignores_members_of_a_later_version() {
        assertThat(read("{'kind':'heartbeat','new':{'a':[1,{'b':null}]},'revision':3,'time':'2026-02-03T04:05:06Z'}"))
                .isEqualTo(new Parsed.Value<>(new FeedLine.Heartbeat(3, Instant.parse("2026-02-03T04:05:06Z"))));
    }

    @Test
    void reads_members_in_any_order() {
        assertThat(read("{'entries':[{'id':'d','kind':'device-removed'}],'revision':3,'kind':'change'}"))
                .isEqualTo(
                        new Parsed.Value<>(new FeedLine.Change(3, List.of(new Entry.DeviceRemoved(DeviceId.of("d"))))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'kind':'weather','revision':3}",
                "{'kind':'change','revision':3,'entries':[{'kind':'device-removed','id':'d'},{'kind':'tenant','x':{}}]}",
            })
    void says_when_a_kind_is_not_known(String line) {
        assertThat(read(line)).isInstanceOf(Parsed.UnknownKind.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "null",
                "{}",
                "{'kind':1}",
                "{'kind':'change','revision':1,'entries':[[]]}",
                "{'kind':'change','revision':1,'entries':[[{'kind':'device-removed','id':'d'}]]}",
                "{'kind':'change','revision':1,'entries':['d',1]}",
                "{'kind':'change','revision':1,'entries':[null]}",
                "{'kind':'heartbeat','revision':3}",
                "{'kind':'heartbeat','revision':-1,'time':'2026-02-03T04:05:06Z'}",
                "{'kind':'heartbeat','revision':1.5,'time':'2026-02-03T04:05:06Z'}",
                "{'kind':'heartbeat','revision':'1','time':'2026-02-03T04:05:06Z'}",
                "{'kind':'heartbeat','revision':99999999999999999999,'time':'2026-02-03T04:05:06Z'}",
                "{'kind':'heartbeat','revision':1,'time':'yesterday'}",
                "{'kind':'heartbeat','revision':1,'time':'2026-02-03T04:05:06Z'}{}",
                "{'kind':'hello','version':1,'epoch':'','revision':1,'heartbeatMillis':1,'time':'2026-02-03T04:05:06Z'}",
                "{'kind':'hello','version':1,'epoch':'e','revision':1,'heartbeatMillis':0,'time':'2026-02-03T04:05:06Z'}",
                "{'kind':'hello','version':99999999999,'epoch':'e','revision':1,'heartbeatMillis':1,'time':'2026-02-03T04:05:06Z'}",
                "{'kind':'certificate','sha256':'00','device':'d','state':'valid','notBefore':1,'notAfter':9223372036854775807}",
                "{'kind':'change','revision':1}",
                "{'kind':'change','revision':1,'entries':3}",
                "{'kind':'change','revision':1,'entries':[{'kind':'heartbeat','revision':1,'time':'2026-02-03T04:05:06Z'}]}",
                "{'kind':'device','id':'-d','fleet':'f','state':'active'}",
                "{'kind':'device','id':'d','fleet':'F','state':'active'}",
                "{'kind':'device','id':'d','fleet':'f','state':'happy'}",
                "{'kind':'device','id':'d','fleet':'f','state':'active','attributes':{'a':1}}",
                "{'kind':'device','id':'d','fleet':'f','state':'active','revocations':-1}",
                "{'kind':'fleet','name':'f','fleetKind':'device','state':'active','sessionsMax':0,'policy':{'rules':[]}}",
                "{'kind':'fleet','name':'f','fleetKind':'device','state':'active','sessionsMax':1,'policy':{'rules':3}}",
                "{'kind':'certificate','sha256':'00','device':'d','state':'valid','notBefore':1,'notAfter':2}",
                "{'kind':'authority','name':'a','der':'%%%'}"
            })
    void calls_malformed_what_is_wrong_and_does_not_repeat_it(String line) {
        assertThat(read(line))
                .isInstanceOfSatisfying(
                        Parsed.Malformed.class,
                        malformed -> assertThat(malformed.problem()).doesNotContain("yesterday", "happy", "%%%"));
    }

    @Test
    void bounds_depth_and_length() {
        assertThat(read("{'x':" + "[".repeat(1000) + "]".repeat(1000) + ",'kind':'heartbeat'}"))
                .isInstanceOf(Parsed.Malformed.class);
        byte[] long1 = new byte[FeedCodec.MAX_LINE + 1];
        Arrays.fill(long1, (byte) ' ');
        assertThat(FeedCodec.read(long1)).isInstanceOf(Parsed.Malformed.class);
    }

    @Test
    void does_not_write_a_line_that_no_reader_takes() {
        var change = new FeedLine.Change(1, Collections.nCopies(8000, certificate("c", "d")));

        assertThatIllegalArgumentException().isThrownBy(() -> FeedCodec.write(change));
    }

    private static Parsed<FeedLine> read(String line) {
        return FeedCodec.read(line.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }
}
