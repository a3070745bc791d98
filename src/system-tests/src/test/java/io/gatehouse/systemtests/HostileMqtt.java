package io.gatehouse.systemtests;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** MQTT packets (MQTT 5, section 2) by hand, sound and broken. */
final class HostileMqtt {
    private HostileMqtt() {}

    /** A sound CONNECT. */
    static byte[] connect(String clientId) {
        return connect(clientId, "MQTT");
    }

    /** A CONNECT for another protocol. */
    static byte[] withProtocol(String protocol) {
        return connect("d-1", protocol);
    }

    /** The same packet two times. */
    static byte[] twice(byte[] packet) {
        byte[] both = new byte[packet.length * 2];
        System.arraycopy(packet, 0, both, 0, packet.length);
        System.arraycopy(packet, 0, both, packet.length, packet.length);
        return both;
    }

    /** PUBLISH before any CONNECT. */
    static byte[] publishFirst() {
        return packet(0x30, text("devices/d-1/telemetry/t"), new byte[] {0}, "x".getBytes(StandardCharsets.UTF_8));
    }

    /** A CONNECT that announces the largest length there is, and a little of it. */
    static byte[] oversized() {
        byte[] bytes = new byte[1000];
        byte[] head = {0x10, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 0x7F};
        System.arraycopy(head, 0, bytes, 0, head.length);
        return bytes;
    }

    /** A length of five bytes, which MQTT does not have. */
    static byte[] withBadLength() {
        return new byte[] {0x10, (byte) 0x80, (byte) 0x80, (byte) 0x80, (byte) 0x80, 1, 0};
    }

    private static byte[] connect(String clientId, String protocol) {
        return packet(0x10, text(protocol), new byte[] {5, 2, 0, 60, 0}, text(clientId));
    }

    private static byte[] packet(int type, byte[]... parts) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            body.writeBytes(part);
        }
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.write(type);
        all.write(body.size());
        all.writeBytes(body.toByteArray());
        return all.toByteArray();
    }

    private static byte[] text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.write(bytes.length >> 8);
        all.write(bytes.length);
        all.writeBytes(bytes);
        return all.toByteArray();
    }
}
