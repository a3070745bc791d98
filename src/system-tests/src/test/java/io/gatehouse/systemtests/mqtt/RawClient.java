package io.gatehouse.systemtests.mqtt;

import io.gatehouse.testkit.HeldCertificate;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** MQTT 3.1.1 and 5 as bytes, written from the standards (and RFC 6455 for WebSocket) and from nothing of ours. */
final class RawClient implements Client {
    @Override
    public Talk start(Seat seat, Act act) {
        HeldCertificate held = seat.held();
        List<java.security.cert.X509Certificate> trust = seat.gatehouse().trust();
        SSLContext tls = held == null ? HeldCertificate.anonymous(trust) : held.sslContext(trust);
        Talk talk = new Talk();
        try {
            SSLSocket socket = (SSLSocket) tls.getSocketFactory().createSocket("localhost", seat.port());
            talk.onClose(() -> leave(socket, seat));
            Thread reader = new Thread(() -> converse(socket, seat, act, talk), "mqtt-raw");
            reader.setDaemon(true);
            reader.start();
        } catch (IOException broken) {
            throw new java.io.UncheckedIOException(broken);
        }
        return talk;
    }

    /** Sends CONNECT, does the act when it is admitted, and tells all that comes until the end. */
    private static void converse(SSLSocket socket, Seat seat, Act act, Talk talk) {
        try {
            InputStream stream = seat.transport() == Seat.Transport.WSS ? upgraded(socket) : socket.getInputStream();
            DataInputStream in = new DataInputStream(stream);
            send(socket, seat, connect(seat));
            for (int first = in.read(); first >= 0; first = in.read()) {
                byte[] body = new byte[length(in)];
                in.readFully(body);
                Event event = event(seat, first, body);
                if (event.kind() == Event.Kind.PUBLISH && (first & 6) != 0) {
                    // The broker sends nothing more while this is missing.
                    send(socket, seat, puback(body));
                }
                talk.hear(event);
                if (event.kind() == Event.Kind.CONNACK && event.code() == 0) {
                    for (byte[] packet : packets(seat, act)) {
                        send(socket, seat, packet);
                    }
                }
            }
        } catch (IOException closed) {
            // An alert or a reset ends it as well.
        }
        talk.hear(Event.CLOSED);
    }

    private static Event event(Seat seat, int first, byte[] body) throws IOException {
        int reason = seat.version() == 5 ? 1 : 0;
        return switch (first >> 4) {
            case 2 -> Event.of(Event.Kind.CONNACK, body[1] & 0xff, text(body, 2));
            case 3 -> message(seat, first, body);
            case 4, 5 -> Event.of(Event.Kind.PUBACK, body.length > 2 ? body[2] & 0xff : 0, text(body, 2 + reason));
            case 9 -> new Event(Event.Kind.SUBACK, codes(seat, body), "");
            case 14 -> Event.of(Event.Kind.DISCONNECT, body.length > 0 ? body[0] & 0xff : 0, text(body, reason));
            default -> throw new AssertionError("not expected: packet " + first);
        };
    }

    /** For a PUBLISH of QoS 1. */
    private static byte[] puback(byte[] publish) {
        int id = 2 + ((publish[0] & 0xff) << 8 | publish[1] & 0xff);
        return packet(0x40, Arrays.copyOfRange(publish, id, id + 2));
    }

    private static List<Integer> codes(Seat seat, byte[] body) throws IOException {
        List<Integer> codes = new ArrayList<>();
        for (int i = afterProperties(seat, body, 2); i < body.length; i++) {
            codes.add(body[i] & 0xff);
        }
        return codes;
    }

    private static Event message(Seat seat, int first, byte[] body) throws IOException {
        int topic = (body[0] & 0xff) << 8 | body[1] & 0xff;
        int at = afterProperties(seat, body, 2 + topic + ((first >> 1 & 3) > 0 ? 2 : 0));
        return Event.message(new String(body, 2, topic, StandardCharsets.UTF_8), text(body, at));
    }

    /** Where what follows the properties of MQTT 5 begins; they begin at {@code from}. */
    private static int afterProperties(Seat seat, byte[] body, int from) throws IOException {
        if (seat.version() != 5) {
            return from;
        }
        ByteArrayInputStream bytes = new ByteArrayInputStream(body, from, body.length - from);
        int length = length(new DataInputStream(bytes));
        return body.length - bytes.available() + length;
    }

    /** A reason string is the only property that holds readable text: what precedes it does not matter to who looks for a word. */
    private static String text(byte[] body, int from) {
        return from >= body.length
                ? ""
                : new String(Arrays.copyOfRange(body, from, body.length), StandardCharsets.UTF_8);
    }

    static byte[] connect(Seat seat) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        text(body, "MQTT");
        body.write(seat.version());
        Act.Message will = seat.will();
        body.write(2 | (will == null ? 0 : 4 | will.qos() << 3 | (will.retain() ? 1 << 5 : 0)));
        two(body, 60);
        properties(seat, body);
        text(body, seat.clientId());
        if (will != null) {
            properties(seat, body);
            text(body, will.topic());
            text(body, will.payload());
        }
        return packet(0x10, body.toByteArray());
    }

    private static List<byte[]> packets(Seat seat, Act act) {
        List<byte[]> all = new ArrayList<>();
        Act.Message message = act.message();
        if (!act.filters().isEmpty()) {
            all.add(subscribe(seat, act.qos(), act.filters()));
        }
        if (message != null) {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            text(body, message.topic());
            if (message.qos() > 0) {
                two(body, 7);
            }
            properties(seat, body);
            body.writeBytes(message.payload().getBytes(StandardCharsets.UTF_8));
            all.add(packet(0x30 | message.qos() << 1 | (message.retain() ? 1 : 0), body.toByteArray()));
            if (message.qos() == 0) {
                all.add(subscribe(seat, 0, List.of("after/qos/0")));
            }
        }
        return all;
    }

    private static byte[] subscribe(Seat seat, int qos, List<String> filters) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        two(body, 8);
        properties(seat, body);
        for (String filter : filters) {
            text(body, filter);
            body.write(qos);
        }
        return packet(0x82, body.toByteArray());
    }

    private static void properties(Seat seat, ByteArrayOutputStream body) {
        if (seat.version() == 5) {
            body.write(0);
        }
    }

    static byte[] packet(int first, byte[] body) {
        ByteArrayOutputStream packet = new ByteArrayOutputStream();
        packet.write(first);
        for (int rest = body.length; ; rest >>= 7) {
            packet.write(rest > 127 ? rest & 127 | 128 : rest);
            if (rest <= 127) {
                break;
            }
        }
        packet.writeBytes(body);
        return packet.toByteArray();
    }

    private static void text(ByteArrayOutputStream out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        two(out, bytes.length);
        out.writeBytes(bytes);
    }

    private static void two(ByteArrayOutputStream out, int value) {
        out.write(value >> 8);
        out.write(value);
    }

    private static int length(DataInputStream in) throws IOException {
        int value = 0;
        for (int shift = 0; ; shift += 7) {
            int digit = in.readUnsignedByte();
            value |= (digit & 127) << shift;
            if (digit < 128) {
                return value;
            }
        }
    }

    private static void leave(SSLSocket socket, Seat seat) {
        try (socket) {
            send(socket, seat, new byte[] {(byte) 0xe0, 0});
        } catch (IOException gone) {
            // The broker was faster.
        }
    }

    private static void send(SSLSocket socket, Seat seat, byte[] packet) throws IOException {
        socket.getOutputStream().write(seat.transport() == Seat.Transport.WSS ? WebSocket.frame(packet) : packet);
        socket.getOutputStream().flush();
    }

    private static InputStream upgraded(SSLSocket socket) throws IOException {
        socket.getOutputStream().write(WebSocket.upgrade(socket.getPort()));
        return WebSocket.opened(socket.getInputStream());
    }
}
