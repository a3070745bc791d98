package io.gatehouse.systemtests.mqtt;

import io.gatehouse.systemtests.mqtt.Seat.Transport;
import java.util.stream.Stream;

/** A client with a version of MQTT on a transport: every combination that there is. */
record Spoken(Kind kind, int version, Transport transport) {
    /** The clients. */
    enum Kind {
        MOSQUITTO(new Mosquitto()),
        HIVEMQ(new HivemqClient()),
        MQTT_JS(new MqttJs()),
        RAW(new RawClient());

        private final Client client;

        Kind(Client client) {
            this.client = client;
        }

        /** Debian's mosquitto tools have no WebSocket. */
        private boolean speaks(Transport transport) {
            return this != MOSQUITTO || transport == Transport.TCP;
        }
    }

    static Stream<Spoken> all() {
        return Stream.of(Kind.values())
                .flatMap(kind -> Stream.of(4, 5)
                        .flatMap(version -> Stream.of(Transport.values())
                                .filter(kind::speaks)
                                .map(transport -> new Spoken(kind, version, transport))));
    }

    /** Those that tell what became of a message of QoS 0: mosquitto_pub is gone before. */
    static Stream<Spoken> thatWait() {
        return all().filter(each -> each.kind != Kind.MOSQUITTO);
    }

    /** One of each version and transport, where the client makes no difference. */
    static Stream<Spoken> raw() {
        return all().filter(each -> each.kind == Kind.RAW);
    }

    Client client() {
        return kind.client;
    }

    /** Of these two codes the one of this version. */
    int either(int of311, int of5) {
        return version == 5 ? of5 : of311;
    }

    /** This reason if the client shows one: only MQTT 5 carries it, and mosquitto's tools are silent about it. */
    String word(String reason) {
        return version == 5 && kind != Kind.MOSQUITTO ? reason : "";
    }

    /** The last that is heard of a broker that ends a connection: only MQTT 5 has a packet for it. */
    Event.Kind ending() {
        return version == 5 ? Event.Kind.DISCONNECT : Event.Kind.CLOSED;
    }

    /** For names of devices. */
    String slug() {
        return (kind + "-" + version + "-" + transport)
                .toLowerCase(java.util.Locale.ROOT)
                .replace('_', '-');
    }

    @Override
    public String toString() {
        return kind + " " + (version == 5 ? "5" : "3.1.1") + " " + transport;
    }
}
