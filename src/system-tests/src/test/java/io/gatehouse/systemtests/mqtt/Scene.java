package io.gatehouse.systemtests.mqtt;

import io.gatehouse.systemtests.Gatehouse;
import io.gatehouse.systemtests.MqttPeer;
import io.gatehouse.systemtests.SharedGatehouse;
import io.gatehouse.testkit.HeldCertificate;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Devices and fleets for the tests of this package, and what a client does in one line. */
final class Scene {
    private Scene() {}

    /** Makes a fleet with that policy. */
    static String fleet(Gatehouse gatehouse, Map<?, ?>... rules) {
        return fleet(gatehouse, 1, rules);
    }

    /** Makes a fleet with that policy whose devices may have so many sessions. */
    static String fleet(Gatehouse gatehouse, int sessions, Map<?, ?>... rules) {
        String name = SharedGatehouse.fresh("traps");
        gatehouse
                .rest()
                .post(
                        "/api/v1/fleets",
                        Map.of(
                                "name",
                                name,
                                "policy",
                                Map.of("rules", List.of(rules)),
                                "sessions",
                                Map.of("max", sessions)))
                .expect(201);
        return name;
    }

    /** A new device of that fleet, which the broker knows. */
    static Seat device(Gatehouse gatehouse, String fleet, Spoken spoken, Path files) {
        String id = SharedGatehouse.fresh(spoken.slug());
        return Seat.of(gatehouse, spoken.transport(), spoken.version(), known(gatehouse, fleet, id), id, files);
    }

    /** A new device's certificate, as soon as the broker knows it. */
    static HeldCertificate known(Gatehouse gatehouse, String fleet, String id) {
        HeldCertificate held = gatehouse.enroll(fleet, id);
        gatehouse.mqtt(id).with(held).connect().close();
        return held;
    }

    /** The answer to CONNECT. */
    static Event connect(Spoken spoken, Seat seat) {
        try (Talk talk = spoken.client().start(seat, Act.NONE)) {
            return talk.await(Event.Kind.CONNACK);
        }
    }

    /** The codes for these filters, all asked for in one packet. */
    static List<Integer> subscribe(Spoken spoken, Seat seat, int qos, List<String> filters) {
        try (Talk talk = spoken.client().start(seat, Act.subscribing(qos, filters.toArray(String[]::new)))) {
            return talk.await(Event.Kind.SUBACK).codes();
        }
    }

    /** The answer to a message, or the end of the connection. */
    static Event publish(Spoken spoken, Seat seat, Act.Message message) {
        try (Talk talk = spoken.client().start(seat, Act.publishing(message))) {
            // A message of QoS 0 is followed by a subscription.
            return talk.await(message.qos() == 0 ? Event.Kind.SUBACK : Event.Kind.PUBACK);
        }
    }

    /** Connected with one subscription, which was granted. */
    static Talk listening(Spoken spoken, Seat seat, String filter) {
        Talk talk = spoken.client().start(seat, Act.subscribing(1, filter));
        Event suback = talk.await(Event.Kind.SUBACK);
        if (suback.code() != 1) {
            talk.close();
            throw new AssertionError("subscribe " + filter + ": " + suback);
        }
        return talk;
    }

    /** A back end that may read and write everything. */
    static MqttPeer backEnd(Gatehouse gatehouse) {
        String id = SharedGatehouse.fresh("traps-app");
        gatehouse
                .rest()
                .post(
                        "/api/v1/fleets",
                        Map.of(
                                "name",
                                id + "-fleet",
                                "kind",
                                "application",
                                "policy",
                                Map.of("rules", List.of(Map.of("subscribe", List.of("#"), "publish", List.of("#"))))))
                .expect(201);
        return gatehouse.mqtt(id).with(gatehouse.enroll(id + "-fleet", id)).connect();
    }
}
