package io.gatehouse.systemtests.mqtt;

import java.util.List;

/**
 * What a client heard from the broker.
 *
 * @param codes of CONNACK, PUBACK (or PUBREC) and DISCONNECT one, of SUBACK one for each filter; empty for the others
 * @param text of CONNACK and DISCONNECT the reason string, if the client shows it; of PUBLISH the topic, a space, the payload
 */
record Event(Kind kind, List<Integer> codes, String text) {
    static final Event CLOSED = new Event(Kind.CLOSED, List.of(), "");

    /** Packets, and the end of the connection. */
    enum Kind {
        CONNACK,
        SUBACK,
        PUBACK,
        PUBLISH,
        DISCONNECT,
        CLOSED
    }

    Event {
        codes = List.copyOf(codes);
    }

    static Event of(Kind kind, int code, String text) {
        return new Event(kind, List.of(code), text);
    }

    static Event message(String topic, String payload) {
        return new Event(Kind.PUBLISH, List.of(), topic + " " + payload);
    }

    /** The code of a packet that has one; -1 for a closed connection. */
    int code() {
        return codes.isEmpty() ? -1 : codes.get(0);
    }

    boolean ends() {
        return kind == Kind.CLOSED || kind == Kind.DISCONNECT;
    }
}
