package io.gatehouse.systemtests.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.systemtests.Gatehouse;
import io.gatehouse.systemtests.MqttPeer;
import io.gatehouse.systemtests.SharedGatehouse;
import io.gatehouse.systemtests.StolenKeys;
import io.gatehouse.testkit.HeldCertificate;
import io.gatehouse.testkit.TestAuthority;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Who is let in, under which client id, and who is cut off: seen with every client, version and transport. */
@ExtendWith(SharedGatehouse.class)
class DeviceTrapsTest {
    private static final int INVALID_ID = 0x85;

    private static String one = "";
    private static String two = "";

    @TempDir
    Path files;

    @BeforeAll
    static void makeTheFleets(Gatehouse gatehouse) {
        one = Scene.fleet(gatehouse, Map.of("subscribe", List.of("in/${device}")));
        two = Scene.fleet(gatehouse, 2, Map.of("subscribe", List.of("in/${device}")));
    }

    @ParameterizedTest
    @MethodSource("io.gatehouse.systemtests.mqtt.Spoken#all")
    void a_client_id_of_another_device_is_refused_whether_that_is_in_or_not(Spoken spoken, Gatehouse gatehouse) {
        Seat victim = Scene.device(gatehouse, one, spoken, files);
        Seat thief = Scene.device(gatehouse, one, spoken, files).as(victim.clientId());
        assertRefused(spoken, Scene.connect(spoken, thief), 2, INVALID_ID, "client-id-mismatch");
        try (MqttPeer backEnd = Scene.backEnd(gatehouse);
                Talk listening = Scene.listening(spoken, victim, "in/" + victim.clientId())) {
            assertRefused(spoken, Scene.connect(spoken, thief), 2, INVALID_ID, "client-id-mismatch");
            assertThat(backEnd.publish("in/" + victim.clientId(), "still here")).isEmpty();
            assertThat(listening.awaitMessage()).endsWith(" still here");
        }
    }

    @ParameterizedTest
    @MethodSource("io.gatehouse.systemtests.mqtt.Spoken#raw")
    void an_empty_client_id_is_refused(Spoken spoken, Gatehouse gatehouse) {
        Seat seat = Scene.device(gatehouse, one, spoken, files);
        Event answer = Scene.connect(spoken, seat.as(""));
        assertThat(answer.code()).as(answer.toString()).isNotZero();
    }

    @ParameterizedTest
    @MethodSource("io.gatehouse.systemtests.mqtt.Spoken#all")
    void a_device_has_as_many_sessions_as_its_fleet_says(Spoken spoken, Gatehouse gatehouse) {
        Seat seat = Scene.device(gatehouse, two, spoken, files);
        String id = seat.clientId();
        try (Talk first = Scene.listening(spoken, seat, "in/" + id);
                Talk second = Scene.listening(spoken, seat.as(id + ":b"), "in/" + id);
                MqttPeer backEnd = Scene.backEnd(gatehouse)) {
            assertThat(Scene.connect(spoken, seat.as(id + ":c")).code()).isNotZero();
            assertThat(backEnd.publish("in/" + id, "both")).isEmpty();
            assertThat(first.awaitMessage()).endsWith(" both");
            assertThat(second.awaitMessage()).endsWith(" both");
        }
        Seat alone = Scene.device(gatehouse, one, spoken, files);
        assertThat(Scene.connect(spoken, alone.as(alone.clientId() + ":b")).code())
                .isNotZero();
    }

    @ParameterizedTest
    @MethodSource("io.gatehouse.systemtests.mqtt.Spoken#all")
    void nobody_gets_past_tls_without_a_valid_certificate_of_the_devices_hierarchy(Spoken spoken, Gatehouse gatehouse)
            throws Exception {
        Seat seat = Scene.device(gatehouse, one, spoken, files);
        assertThat(Scene.connect(spoken, seat).code()).isZero();
        Map<String, HeldCertificate> useless = Map.of(
                "of a foreign hierarchy",
                TestAuthority.root().devicesCa().device(seat.clientId()),
                "of our devices CA, expired",
                StolenKeys.devicesCa(gatehouse).device(seat.clientId(), order -> order.expired()),
                "of our devices CA, not valid yet",
                StolenKeys.devicesCa(gatehouse).device(seat.clientId(), order -> order.notYetValid()),
                "of our services CA",
                StolenKeys.brokersOwn(gatehouse));
        assertThat(Scene.connect(spoken, seat.with(null))).as("none").isEqualTo(Event.CLOSED);
        useless.forEach((which, held) ->
                assertThat(Scene.connect(spoken, seat.with(held))).as(which).isEqualTo(Event.CLOSED));
    }

    @ParameterizedTest
    @MethodSource("io.gatehouse.systemtests.mqtt.Spoken#all")
    void a_revoked_device_is_cut_off_and_stays_out(Spoken spoken, Gatehouse gatehouse) {
        Seat seat = Scene.device(gatehouse, one, spoken, files);
        try (Talk listening = Scene.listening(spoken, seat, "in/" + seat.clientId())) {
            gatehouse
                    .rest()
                    .post("/api/v1/devices/" + seat.clientId() + "/revoke")
                    .expect(200);
            Event end = listening.awaitEnd();
            assertThat(end.kind()).isEqualTo(spoken.ending());
            assertThat(end.text()).contains(spoken.word("revoked"));
        }
        assertRefused(spoken, Scene.connect(spoken, seat), 5, 0x8A, "revoked");
    }

    private static void assertRefused(Spoken spoken, Event answer, int of311, int of5, String word) {
        assertThat(answer.kind()).as(answer.toString()).isEqualTo(Event.Kind.CONNACK);
        assertThat(answer.code()).as(answer.toString()).isEqualTo(spoken.either(of311, of5));
        assertThat(answer.text()).contains(spoken.word(word));
    }
}
