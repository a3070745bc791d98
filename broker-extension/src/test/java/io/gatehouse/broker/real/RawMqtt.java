package io.gatehouse.broker.real;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLContext;

/**
 * MQTT 3.1.1 and 5 as bytes, written from the standards and from nothing of ours, so that a test sees exactly what the broker sends.
 * One thread.
 */
final class RawMqtt implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = 20_000;

    final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;
    private int version = 5;
    private int nextId = 1;

    private RawMqtt(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(TIMEOUT_MILLIS);
        socket.setTcpNoDelay(true);
        this.in = new DataInputStream(socket.getInputStream());
        this.out = socket.getOutputStream();
    }

    static RawMqtt open(SSLContext tls, int port) {
        try {
            return new RawMqtt(tls.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port));
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /** The same from another address of this machine. */
    static RawMqtt open(SSLContext tls, int port, String from) {
        try {
            return new RawMqtt(tls.getSocketFactory()
                    .createSocket(InetAddress.getByName("127.0.0.1"), port, InetAddress.getByName(from), 0));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static RawMqtt plain(int port) {
        try {
            return new RawMqtt(new Socket(InetAddress.getLoopbackAddress(), port));
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /** What a CONNECT may carry. */
    record Connect(
            String clientId,
            int version,
            boolean clean,
            long expiry,
            String willTopic,
            String willPayload,
            int willDelay,
            int willQos,
            boolean willRetain) {
        static Connect v5(String clientId) {
            return new Connect(clientId, 5, true, 0, null, null, 0, 1, false);
        }

        static Connect v311(String clientId) {
            return new Connect(clientId, 4, true, 0, null, null, 0, 1, false);
        }

        /** A session that stays. */
        Connect persistent() {
            return new Connect(clientId, version, false, 3600, willTopic, willPayload, willDelay, willQos, willRetain);
        }

        Connect will(String topic, String payload, int delay) {
            return new Connect(clientId, version, clean, expiry, topic, payload, delay, willQos, willRetain);
        }

        /** Of the will; without this, QoS 1 and not retained. */
        Connect willOptions(int qos, boolean retain) {
            return new Connect(clientId, version, clean, expiry, willTopic, willPayload, willDelay, qos, retain);
        }
    }

    /** A packet from the broker: its type, its flags and the rest; type 0: the connection was closed. */
    @SuppressWarnings("ArrayRecordComponent") // nobody compares packets
    record Packet(int type, int flags, byte[] body) {
        static final Packet CLOSED = new Packet(0, 0, new byte[0]);

        boolean closed() {
            return type == 0;
        }

        /** CONNACK's or DISCONNECT's reason; PUBACK's and SUBACK's are behind the packet id. */
        int code() {
            return switch (type) {
                case 2 -> body[1] & 0xff;
                case 14 -> body.length == 0 ? 0 : body[0] & 0xff;
                case 4, 5, 7 -> body.length < 3 ? 0 : body[2] & 0xff;
                case 9, 11 -> body[body.length - 1] & 0xff;
                default -> -1;
            };
        }

        boolean sessionPresent() {
            return type == 2 && (body[0] & 1) == 1;
        }

        /** The whole packet as text, in which a reason string or a payload can be looked for. */
        String text() {
            return new String(body, StandardCharsets.ISO_8859_1);
        }
    }

    /** Sends CONNECT and returns what comes: CONNACK, or a closed connection. */
    Packet connect(Connect connect) {
        send(connectPacket(connect));
        return next();
    }

    byte[] connectPacket(Connect connect) {
        version = connect.version();
        var body = new ByteArrayOutputStream();
        text(body, "MQTT");
        body.write(version);
        int will = 4 | connect.willQos() << 3 | (connect.willRetain() ? 1 << 5 : 0);
        int flags = (connect.clean() ? 2 : 0) | (connect.willTopic() != null ? will : 0);
        body.write(flags);
        two(body, 60);
        if (version == 5) {
            if (connect.expiry() > 0) {
                body.write(5);
                body.write(0x11);
                four(body, connect.expiry());
            } else {
                body.write(0);
            }
        }
        text(body, connect.clientId());
        if (connect.willTopic() != null) {
            if (version == 5) {
                if (connect.willDelay() > 0) {
                    body.write(5);
                    body.write(0x18);
                    four(body, connect.willDelay());
                } else {
                    body.write(0);
                }
            }
            text(body, connect.willTopic());
            text(body, connect.willPayload());
        }
        return packet(0x10, body.toByteArray());
    }

    /** Sends SUBSCRIBE and returns SUBACK, or whatever comes instead. */
    Packet subscribe(String filter, int qos) {
        var body = new ByteArrayOutputStream();
        two(body, nextId++);
        if (version == 5) {
            body.write(0);
        }
        text(body, filter);
        body.write(qos);
        send(packet(0x82, body.toByteArray()));
        return next();
    }

    /** Sends PUBLISH with QoS 1 and returns PUBACK, or whatever comes instead. */
    Packet publish(String topic, String payload) {
        send(publishPacket(topic, payload, 1, false));
        return next();
    }

    byte[] publishPacket(String topic, String payload, int qos, boolean retain) {
        var body = new ByteArrayOutputStream();
        text(body, topic);
        if (qos > 0) {
            two(body, nextId++);
        }
        if (version == 5) {
            body.write(0);
        }
        body.writeBytes(payload.getBytes(StandardCharsets.UTF_8));
        return packet(0x30 | qos << 1 | (retain ? 1 : 0), body.toByteArray());
    }

    /** Asks for an answer, so that everything before it is known to have been handled. */
    void ping() {
        send(new byte[] {(byte) 0xc0, 0});
        Packet answer = next();
        if (answer.type() != 13) {
            throw new AssertionError("instead of PINGRESP: " + answer.type() + " " + answer.text());
        }
    }

    void disconnect() {
        send(new byte[] {(byte) 0xe0, 0});
    }

    void send(byte[] bytes) {
        try {
            out.write(bytes);
            out.flush();
        } catch (IOException gone) {
            // What the broker said before it closed is still to be read.
        }
    }

    /** The next packet, or {@link Packet#CLOSED}. */
    Packet next() {
        try {
            int first = in.read();
            if (first < 0) {
                return Packet.CLOSED;
            }
            byte[] body = new byte[length()];
            in.readFully(body);
            acknowledge(first, body);
            return new Packet(first >> 4, first & 15, body);
        } catch (EOFException | SocketException closed) {
            return Packet.CLOSED;
        } catch (SocketTimeoutException silent) {
            throw new AssertionError("the broker says nothing", silent);
        } catch (IOException alert) {
            return Packet.CLOSED;
        }
    }

    /** A PUBLISH of QoS 1 is acknowledged at once, as a client would. */
    private void acknowledge(int first, byte[] body) {
        if (first >> 4 == 3 && (first >> 1 & 3) == 1) {
            int topic = ((body[0] & 0xff) << 8) | (body[1] & 0xff);
            send(new byte[] {0x40, 2, body[2 + topic], body[3 + topic]});
        }
    }

    private int length() throws IOException {
        int value = 0;
        int shift = 0;
        int digit;
        do {
            digit = in.readUnsignedByte();
            value |= (digit & 127) << shift;
            shift += 7;
        } while ((digit & 128) != 0);
        return value;
    }

    static byte[] packet(int first, byte[] body) {
        var packet = new ByteArrayOutputStream();
        packet.write(first);
        int rest = body.length;
        do {
            int digit = rest & 127;
            rest >>= 7;
            packet.write(rest > 0 ? digit | 128 : digit);
        } while (rest > 0);
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

    private static void four(ByteArrayOutputStream out, long value) {
        two(out, (int) (value >> 16) & 0xffff);
        two(out, (int) value & 0xffff);
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException ignored) {
            // Gone already.
        }
    }
}
