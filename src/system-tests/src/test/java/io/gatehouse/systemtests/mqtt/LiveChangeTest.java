package io.gatehouse.systemtests.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.systemtests.Gatehouse;
import io.gatehouse.systemtests.MqttPeer;
import io.gatehouse.systemtests.SharedGatehouse;
import io.gatehouse.testkit.Await;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a device may no longer read does not reach it, without a reconnect: HiveMQ leaves such subscriptions as they are. */
@ExtendWith(SharedGatehouse.class)
class LiveChangeTest {
    private static final Duration SOON = Duration.ofSeconds(15);

    @TempDir
    Path files;

    @ParameterizedTest
    @MethodSource("io.gatehouse.systemtests.mqtt.Spoken#all")
    void a_new_policy_holds_for_who_is_in(Spoken spoken, Gatehouse gatehouse) {
        String fleet = Scene.fleet(gatehouse, Map.of("subscribe", List.of("kept/#", "lost/#")));
        assertLoses(
                spoken,
                gatehouse,
                Scene.device(gatehouse, fleet, spoken, files),
                () -> gatehouse
                        .rest()
                        .put(
                                "/api/v1/fleets/" + fleet + "/policy",
                                Map.of("rules", List.of(Map.of("subscribe", List.of("kept/#")))))
                        .expect(200));
    }

    @ParameterizedTest
    @MethodSource("io.gatehouse.systemtests.mqtt.Spoken#raw")
    void a_device_that_is_moved_has_the_rules_of_its_new_fleet(Spoken spoken, Gatehouse gatehouse) {
        String before = Scene.fleet(gatehouse, Map.of("subscribe", List.of("kept/#", "lost/#")));
        String after = Scene.fleet(gatehouse, Map.of("subscribe", List.of("kept/#")));
        Seat seat = Scene.device(gatehouse, before, spoken, files);
        assertLoses(spoken, gatehouse, seat, () -> patch(gatehouse, seat, Map.of("fleet", after)));
    }

    @ParameterizedTest
    @MethodSource("io.gatehouse.systemtests.mqtt.Spoken#raw")
    void a_changed_attribute_changes_the_topics(Spoken spoken, Gatehouse gatehouse) {
        String fleet = Scene.fleet(gatehouse, Map.of("subscribe", List.of("kept/#", "${attr.site}/#")));
        Seat seat = Scene.device(gatehouse, fleet, spoken, files);
        patch(gatehouse, seat, Map.of("attributes", Map.of("site", "lost")));
        Await.until(
                "the attribute is with the broker",
                SOON,
                () -> Scene.subscribe(spoken, seat, 1, List.of("lost/x")).get(0) == 1);
        assertLoses(
                spoken, gatehouse, seat, () -> patch(gatehouse, seat, Map.of("attributes", Map.of("site", "other"))));
    }

    private static void patch(Gatehouse gatehouse, Seat seat, Map<?, ?> change) {
        gatehouse.rest().patch("/api/v1/devices/" + seat.clientId(), change).expect(200);
    }

    /** Subscribed to both, it hears of {@code lost} before the change and only of {@code kept} after it, on the same connection. */
    private static void assertLoses(Spoken spoken, Gatehouse gatehouse, Seat seat, Runnable change) {
        String id = seat.clientId();
        try (MqttPeer backEnd = Scene.backEnd(gatehouse);
                Talk listening = spoken.client().start(seat, Act.subscribing(1, "kept/#", "lost/#"))) {
            assertThat(listening.await(Event.Kind.SUBACK).codes()).containsExactly(1, 1);
            assertThat(backEnd.publish("lost/" + id, "before")).isEmpty();
            assertThat(heard(listening, id)).isEqualTo("lost/" + id + " before");
            change.run();
            awaitBrokers(gatehouse);
            assertThat(backEnd.publish("lost/" + id, "after")).isEmpty();
            assertThat(backEnd.publish("kept/" + id, "after")).isEmpty();
            assertThat(heard(listening, id)).isEqualTo("kept/" + id + " after");
        }
        assertThat(Scene.subscribe(spoken, seat, 1, List.of("lost/" + id))).containsExactly(spoken.either(0x80, 0x87));
    }

    /** The next message that names this device: the tests of other devices run beside. */
    private static String heard(Talk listening, String id) {
        String message = listening.awaitMessage();
        while (!message.contains("/" + id + " ")) {
            message = listening.awaitMessage();
        }
        return message;
    }

    /** Returns when every broker says that it has what the directory has now. */
    private static void awaitBrokers(Gatehouse gatehouse) {
        long now = gatehouse
                .rest()
                .get("/api/v1/status")
                .expect(200)
                .json()
                .path("revision")
                .asLong();
        Await.until(
                "the broker has revision " + now,
                SOON,
                () -> gatehouse
                                .rest()
                                .get("/api/v1/brokers")
                                .expect(200)
                                .json()
                                .path("items")
                                .path(0)
                                .path("revision")
                                .asLong(-1)
                        >= now);
    }
}
