package io.gatehouse.systemtests.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.systemtests.Gatehouse;
import io.gatehouse.systemtests.MqttPeer;
import io.gatehouse.systemtests.SharedGatehouse;
import io.gatehouse.systemtests.mqtt.Act.Message;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Where HiveMQ's own permissions give more than their words say, ours do not: seen with every client, version and transport. */
@ExtendWith(SharedGatehouse.class)
class TopicTrapsTest {
    private static final int REFUSED_311 = 0x80;
    private static final int NOT_AUTHORIZED = 0x87;
    private static final int NOBODY_LISTENS = 0x10;

    private static String limited = "";
    private static String everything = "";

    @TempDir
    Path files;

    @BeforeAll
    static void makeTheFleets(Gatehouse gatehouse) {
        limited = Scene.fleet(
                gatehouse,
                Map.of("publish", List.of("q/${device}"), "qosMax", 1, "retain", "never"),
                Map.of("publish", List.of("kept/${device}"), "retain", "only"),
                Map.of("subscribe", List.of("in/${device}", "plus/+")),
                Map.of("subscribe", List.of("alone/#"), "qosMax", 1, "shared", "never"),
                Map.of("subscribe", List.of("together/#"), "shared", "only"));
        everything = Scene.fleet(gatehouse, Map.of("subscribe", List.of("#")));
    }

    @ParameterizedTest
    @MethodSource("io.gatehouse.systemtests.mqtt.Spoken#all")
    void a_device_gets_its_topics_and_no_others(Spoken spoken, Gatehouse gatehouse) {
        Seat seat = Scene.device(gatehouse, limited, spoken, files);
        String id = seat.clientId();
        try (MqttPeer backEnd = Scene.backEnd(gatehouse)) {
            assertThat(backEnd.subscribe("q/" + id)).isEmpty();
            Event taken = Scene.publish(spoken, seat, new Message("q/" + id, "hello", 1, false));
            assertThat(taken).isEqualTo(new Event(Event.Kind.PUBACK, List.of(0), taken.text()));
            assertThat(backEnd.next()).isEqualTo(new MqttPeer.Message("q/" + id, "hello"));
            try (Talk listening = Scene.listening(spoken, seat, "in/" + id)) {
                assertThat(backEnd.publish("in/" + id + "/deeper", "not for it"))
                        .isEmpty();
                assertThat(backEnd.publish("in/" + id + "/", "nor this")).isEmpty();
                assertThat(backEnd.publish("in/" + id, "for it")).isEmpty();
                assertThat(listening.awaitMessage()).isEqualTo("in/" + id + " for it");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("io.gatehouse.systemtests.mqtt.Spoken#all")
    void a_subscription_is_judged_level_by_level_and_on_what_it_shares(Spoken spoken, Gatehouse gatehouse) {
        Seat seat = Scene.device(gatehouse, limited, spoken, files);
        String id = seat.clientId();
        Map<String, Boolean> granted = new LinkedHashMap<>();
        granted.put("plus/+", true);
        granted.put("plus/x", true);
        for (String filter : List.of("plus/#", "plus/+/", "plus/+/+", "plus", "#", "+/x", "+/#")) {
            granted.put(filter, false);
        }
        granted.put("in/" + id, true);
        for (String filter : List.of("in/" + id + "/", "/in/" + id, "in//" + id, "in/+", "in/" + id + "/#")) {
            granted.put(filter, false);
        }
        granted.put("alone/x", true);
        granted.put("$share/g/alone/x", false);
        granted.put("$share/g/together/#", true);
        granted.put("together/x", false);
        granted.put("$share/g/other/#", false);
        granted.put("$share/g/#", false);
        granted.put("$SYS/#", false);
        assertCodes(spoken, seat, 1, granted);
        assertCodes(spoken, seat, 2, Map.of("alone/#", false));
    }

    @ParameterizedTest
    @MethodSource("io.gatehouse.systemtests.mqtt.Spoken#all")
    void no_wildcard_covers_a_topic_that_begins_with_a_dollar(Spoken spoken, Gatehouse gatehouse) {
        Seat seat = Scene.device(gatehouse, everything, spoken, files);
        Map<String, Boolean> granted = new LinkedHashMap<>();
        granted.put("#", true);
        granted.put("+/+", true);
        granted.put("$SYS/#", false);
        granted.put("$SYS/broker", false);
        granted.put("$share/g/#", true);
        granted.put("$share/g/$SYS/#", false);
        assertCodes(spoken, seat, 1, granted);
    }

    private static void assertCodes(Spoken spoken, Seat seat, int qos, Map<String, Boolean> granted) {
        List<String> filters = new ArrayList<>(granted.keySet());
        List<Integer> codes = Scene.subscribe(spoken, seat, qos, filters);
        Map<String, Integer> got = new LinkedHashMap<>();
        Map<String, Integer> wanted = new LinkedHashMap<>();
        for (int i = 0; i < filters.size(); i++) {
            String filter = filters.get(i);
            got.put(filter, i < codes.size() ? codes.get(i) : null);
            wanted.put(
                    filter,
                    Boolean.TRUE.equals(granted.get(filter)) ? qos : spoken.either(REFUSED_311, NOT_AUTHORIZED));
        }
        assertThat(got).as(spoken.toString()).isEqualTo(wanted);
    }

    @ParameterizedTest
    @MethodSource("io.gatehouse.systemtests.mqtt.Spoken#all")
    void a_message_keeps_to_topic_qos_and_retain(Spoken spoken, Gatehouse gatehouse) {
        Seat seat = Scene.device(gatehouse, limited, spoken, files);
        String id = seat.clientId();
        assertThat(Scene.publish(spoken, seat, new Message("kept/" + id, "x", 2, true))
                        .code())
                .isIn(0, NOBODY_LISTENS);
        for (Message message : List.of(
                new Message("q/" + id + "/", "x", 1, false),
                new Message("q/" + id, "x", 2, false),
                new Message("q/" + id, "x", 1, true),
                new Message("kept/" + id, "x", 1, false))) {
            Event refused = Scene.publish(spoken, seat, message);
            assertThat(refused.code()).as(spoken + " " + message).isEqualTo(spoken.either(-1, NOT_AUTHORIZED));
            // Our word is in PUBACK; HiveMQ's client may first tell of the DISCONNECT behind it, which has HiveMQ's
            // words.
            if (spoken.kind() != Spoken.Kind.HIVEMQ) {
                assertThat(refused.text()).contains(spoken.word("topic-not-allowed"));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("io.gatehouse.systemtests.mqtt.Spoken#thatWait")
    void a_message_of_qos_0_that_no_rule_allows_ends_the_connection_and_reaches_nobody(
            Spoken spoken, Gatehouse gatehouse) {
        Seat seat = Scene.device(gatehouse, limited, spoken, files);
        String own = "q/" + seat.clientId();
        try (MqttPeer backEnd = Scene.backEnd(gatehouse)) {
            assertThat(backEnd.subscribe(own + "/#")).isEmpty();
            assertThat(Scene.publish(spoken, seat, new Message(own, "allowed", 0, false))
                            .kind())
                    .isEqualTo(Event.Kind.SUBACK);
            assertThat(backEnd.next()).isEqualTo(new MqttPeer.Message(own, "allowed"));
            try (Talk talk =
                    spoken.client().start(seat, Act.publishing(new Message(own + "/other", "refused", 0, false)))) {
                Event end = talk.awaitEnd();
                assertThat(end.kind()).isEqualTo(spoken.ending());
                assertThat(end.code()).isEqualTo(spoken.either(-1, NOT_AUTHORIZED));
            }
            assertThat(backEnd.publish(own + "/other", "of the back end")).isEmpty();
            assertThat(backEnd.next()).isEqualTo(new MqttPeer.Message(own + "/other", "of the back end"));
        }
    }

    @ParameterizedTest
    @MethodSource("io.gatehouse.systemtests.mqtt.Spoken#all")
    void a_will_that_no_rule_allows_is_refused_with_the_connection(Spoken spoken, Gatehouse gatehouse) {
        Seat seat = Scene.device(gatehouse, limited, spoken, files);
        String id = seat.clientId();
        assertThat(Scene.connect(spoken, seat.leaving(new Message("q/" + id, "bye", 1, false)))
                        .code())
                .isZero();
        for (Message will : List.of(new Message("q/other", "bye", 1, false), new Message("q/" + id, "bye", 1, true))) {
            assertThat(Scene.connect(spoken, seat.leaving(will)))
                    .as(spoken + " " + will)
                    .extracting(Event::kind, Event::code)
                    .containsExactly(Event.Kind.CONNACK, spoken.either(5, NOT_AUTHORIZED));
        }
    }
}
