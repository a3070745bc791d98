package io.gatehouse.systemtests.mqtt;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** As much of RFC 6455 as a client of MQTT needs. */
final class WebSocket {
    private static final int BINARY = 2;
    private static final int CLOSE = 8;

    private WebSocket() {}

    static byte[] upgrade(int port) {
        return ("GET /mqtt HTTP/1.1\r\nHost: localhost:" + port + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: mqtt\r\n"
                        + "Sec-WebSocket-Version: 13\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** What the frames carry, after a head that agrees; fails when it does not. */
    static InputStream opened(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("closed after: " + head);
            }
            head.append((char) next);
        }
        if (!head.toString().startsWith("HTTP/1.1 101 ")) {
            throw new IOException("no WebSocket: " + head);
        }
        return new Frames(new DataInputStream(in));
    }

    /** One masked binary frame; the mask is zero, which hides nothing and changes nothing. */
    static byte[] frame(byte[] payload) {
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.write(0x80 | BINARY);
        if (payload.length < 126) {
            frame.write(0x80 | payload.length);
        } else {
            frame.write(0x80 | 126);
            frame.write(payload.length >> 8);
            frame.write(payload.length);
        }
        frame.writeBytes(new byte[4]);
        frame.writeBytes(payload);
        return frame.toByteArray();
    }

    /** The payloads of binary frames as one stream, until a close frame or the end. */
    private static final class Frames extends InputStream {
        private final DataInputStream in;
        private ByteArrayInputStream payload = new ByteArrayInputStream(new byte[0]);

        Frames(DataInputStream in) {
            this.in = in;
        }

        @Override
        public int read() throws IOException {
            while (payload.available() == 0) {
                int first = in.read();
                if (first < 0 || (first & 15) == CLOSE) {
                    return -1;
                }
                int length = in.readUnsignedByte() & 127;
                byte[] bytes = new byte[length == 126 ? in.readUnsignedShort() : length];
                in.readFully(bytes);
                if ((first & 15) <= BINARY) {
                    payload = new ByteArrayInputStream(bytes);
                }
            }
            return payload.read();
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            int first = length == 0 ? 0 : read();
            if (first < 0) {
                return -1;
            }
            if (length > 0) {
                into[offset] = (byte) first;
            }
            return Math.min(1, length);
        }
    }
}
