package io.gatehouse.agent.mqtt;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * Looks on while the client library reads the broker's first packet, because the library keeps the reason code of a refusing CONNACK (MQTT 5,
 * section 3.2) and forgets its reason string, which is the word that we need. Holds at most 4 KiB and never changes what is read.
 */
final class ConnackTap extends FilterInputStream {
    private static final int CONNACK = 0x20;
    private static final int REASON_STRING = 0x1f;

    private final byte[] seen = new byte[4096];
    private int length;

    ConnackTap(InputStream in) {
        super(in);
    }

    @Override
    public synchronized int read() throws IOException {
        var octet = super.read();
        if (octet >= 0) {
            keep(new byte[] {(byte) octet}, 0, 1);
        }
        return octet;
    }

    @Override
    public synchronized int read(byte[] bytes, int offset, int count) throws IOException {
        var read = super.read(bytes, offset, count);
        if (read > 0) {
            keep(bytes, offset, read);
        }
        return read;
    }

    private void keep(byte[] bytes, int offset, int count) {
        var kept = Math.min(count, seen.length - length);
        System.arraycopy(bytes, offset, seen, length, kept);
        length += kept;
    }

    /** The reason string of the CONNACK, when one was read and has it. */
    synchronized Optional<String> reasonString() {
        try {
            var packet = ByteBuffer.wrap(Arrays.copyOf(seen, length));
            if ((packet.get() & 0xff) != CONNACK) {
                return Optional.empty();
            }
            variableInteger(packet);
            packet.getShort(); // the flags and the reason code
            var properties = variableInteger(packet);
            return reasonString(packet.slice(packet.position(), Math.min(properties, packet.remaining())));
        } catch (RuntimeException e) {
            // whatever is wrong with the packet, the library says so
            return Optional.empty();
        }
    }

    private static Optional<String> reasonString(ByteBuffer properties) {
        while (properties.hasRemaining()) {
            var id = properties.get();
            switch (id) {
                case REASON_STRING -> {
                    return Optional.of(new String(text(properties), StandardCharsets.UTF_8));
                }
                case 0x24, 0x25, 0x28, 0x29, 0x2a -> properties.get();
                case 0x13, 0x21, 0x22 -> properties.getShort();
                case 0x11, 0x27 -> properties.getInt();
                case 0x12, 0x15, 0x16, 0x1a, 0x1c -> text(properties);
                case 0x26 -> {
                    text(properties);
                    text(properties);
                }
                default -> {
                    return Optional.empty();
                }
            }
        }
        return Optional.empty();
    }

    private static byte[] text(ByteBuffer from) {
        var bytes = new byte[from.getShort() & 0xffff];
        from.get(bytes);
        return bytes;
    }

    private static int variableInteger(ByteBuffer from) {
        var value = 0;
        for (var shift = 0; shift < 28; shift += 7) {
            var octet = from.get();
            value |= (octet & 0x7f) << shift;
            if (octet >= 0) {
                return value;
            }
        }
        throw new IllegalArgumentException("a variable byte integer above 4 octets");
    }
}
