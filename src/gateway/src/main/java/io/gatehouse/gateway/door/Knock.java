package io.gatehouse.gateway.door;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/** What came of a knock: an open connection, or a refusal. Closing it closes the connection. Not thread-safe. */
public final class Knock implements AutoCloseable {
    private static final int CONNACK = 2;
    private static final int DISCONNECT = 14;
    private static final int REASON_STRING = 0x1F;
    private static final int LONGEST_PACKET = 64 * 1024;

    private final Optional<Socket> socket;
    private final String said;

    private Knock(Optional<Socket> socket, String said) {
        this.socket = socket;
        this.said = said;
    }

    static Knock shut(IOException how) {
        return new Knock(Optional.empty(), "closed by TLS: " + how.getMessage());
    }

    static Knock answered(Socket socket) throws IOException {
        byte[] packet = packet(socket.getInputStream());
        if (packet[0] >> 4 != CONNACK || packet.length < 3) {
            socket.close();
            return new Knock(Optional.empty(), "no CONNACK came");
        }
        int code = packet[2] & 0xFF;
        if (code == 0) {
            return new Knock(Optional.of(socket), "admitted");
        }
        socket.close();
        return new Knock(Optional.empty(), told(code, packet, 3));
    }

    /** Whether the broker let the client in. */
    public boolean isAdmitted() {
        return socket.isPresent();
    }

    /** The broker's words: of its CONNACK, or of TLS. */
    public String said() {
        return said;
    }

    /** Waits until the broker closes the connection; its last words, or nothing when it did not within the time. */
    public Optional<String> awaitEnd(Duration atMost) {
        if (socket.isEmpty()) {
            return Optional.of(said);
        }
        String last = "";
        try {
            socket.get().setSoTimeout((int) atMost.toMillis());
            while (true) {
                byte[] packet = packet(socket.get().getInputStream());
                if ((packet[0] & 0xFF) >> 4 == DISCONNECT && packet.length > 1) {
                    last = told(packet[1] & 0xFF, packet, 2);
                }
            }
        } catch (SocketTimeoutException e) {
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(last);
        }
    }

    @Override
    public void close() {
        socket.ifPresent(open -> {
            try {
                open.close();
            } catch (IOException e) {
                // The other side was faster.
            }
        });
    }

    /** The reason string of a packet's properties, else its code. */
    private static String told(int code, byte[] packet, int propertiesAt) {
        int at = propertiesAt + 1; // the length of the properties: one byte in what HiveMQ answers here
        if (packet.length > at + 3 && packet[at] == REASON_STRING) {
            int length = (packet[at + 1] & 0xFF) << 8 | (packet[at + 2] & 0xFF);
            int end = Math.min(packet.length, at + 3 + length);
            return new String(Arrays.copyOfRange(packet, at + 3, end), StandardCharsets.UTF_8);
        }
        return "code 0x%02x".formatted(code);
    }

    /** The first byte, then everything behind the remaining length (MQTT 5, section 2.1). */
    private static byte[] packet(InputStream in) throws IOException {
        int first = in.read();
        if (first < 0) {
            throw new EOFException("closed without an answer");
        }
        int length = 0;
        int shift = 0;
        int digit;
        do {
            digit = in.read();
            length |= (digit & 0x7F) << shift;
            shift += 7;
        } while ((digit & 0x80) != 0 && digit >= 0 && shift < 28);
        if (digit < 0 || length > LONGEST_PACKET) {
            throw new EOFException("closed in the middle of an answer");
        }
        byte[] packet = new byte[length + 1];
        packet[0] = (byte) first;
        if (in.readNBytes(packet, 1, length) < length) {
            throw new EOFException("closed in the middle of an answer");
        }
        return packet;
    }
}
