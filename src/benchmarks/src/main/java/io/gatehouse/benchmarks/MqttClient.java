package io.gatehouse.benchmarks;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import javax.net.ssl.SSLSocket;

/** As much of an MQTT 5 client as a benchmark needs, on a socket whose handshake is done. Not thread-safe. */
final class MqttClient implements AutoCloseable {
    private static final int CONNACK = 0x20;
    private static final int PUBACK = 0x40;
    private static final byte[] DISCONNECT = {(byte) 0xE0, 0};

    private final SSLSocket socket;

    private MqttClient(SSLSocket socket) {
        this.socket = socket;
    }

    /** Sends CONNECT (section 3.1: clean start, no properties) and awaits a CONNACK that admits; closes the socket otherwise. */
    static MqttClient connect(SSLSocket socket, String id) throws IOException {
        try {
            socket.getOutputStream().write(connectPacket(id));
            byte[] answer = packet(socket, CONNACK);
            if (answer.length < 2 || answer[1] != 0) {
                throw new BenchFailed(id + " was not admitted: " + new String(answer, StandardCharsets.UTF_8).strip());
            }
            return new MqttClient(socket);
        } catch (IOException | BenchFailed refused) {
            socket.close();
            throw refused;
        }
    }

    /** A PUBLISH with QoS 0 (section 3.3), for {@link #send}. */
    static byte[] publish(String topic, byte[] payload) throws IOException {
        return publish(0x30, topic, 0, payload);
    }

    void send(byte[] packets) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(packets);
    }

    /** Publishes with QoS 1 and awaits its PUBACK: all that was sent before has been handled then. */
    void publishAndAwait(String topic) throws IOException {
        send(publish(0x32, topic, 1, new byte[] {0}));
        byte[] answer = packet(socket, PUBACK);
        // No reason code is success; 0x10 is success without a subscriber (section 3.4.2.1).
        if (answer.length < 2 || (answer.length > 2 && answer[2] != 0 && answer[2] != 0x10)) {
            throw new BenchFailed("PUBLISH to " + topic + " was answered " + Arrays.toString(answer));
        }
    }

    @Override
    public void close() throws IOException {
        try (socket) {
            socket.getOutputStream().write(DISCONNECT);
        }
    }

    private static byte[] publish(int header, String topic, int packetId, byte[] payload) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        DataOutputStream data = new DataOutputStream(body);
        data.writeUTF(topic);
        if (packetId > 0) {
            data.writeShort(packetId);
        }
        data.writeByte(0);
        data.write(payload);
        return whole(header, body);
    }

    private static byte[] connectPacket(String id) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        DataOutputStream data = new DataOutputStream(body);
        data.writeUTF("MQTT");
        data.writeByte(5);
        data.writeByte(2);
        data.writeShort(60);
        data.writeByte(0);
        data.writeUTF(id);
        return whole(0x10, body);
    }

    private static byte[] whole(int header, ByteArrayOutputStream body) {
        if (body.size() > 127) {
            throw new IllegalArgumentException("longer than one byte can tell");
        }
        ByteArrayOutputStream packet = new ByteArrayOutputStream();
        packet.write(header);
        packet.write(body.size());
        packet.writeBytes(body.toByteArray());
        return packet.toByteArray();
    }

    /** The rest of the next packet, which has to be of that type and short. */
    private static byte[] packet(SSLSocket socket, int type) throws IOException {
        byte[] head = socket.getInputStream().readNBytes(2);
        if (head.length < 2) {
            throw new IOException("the broker closed the connection");
        }
        if ((head[0] & 0xF0) != type || head[1] < 0) {
            throw new BenchFailed("the broker sent " + Arrays.toString(head) + " instead of packet type " + type);
        }
        return socket.getInputStream().readNBytes(head[1]);
    }
}
