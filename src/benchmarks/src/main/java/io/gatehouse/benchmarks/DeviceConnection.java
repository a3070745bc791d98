package io.gatehouse.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import javax.net.ssl.SSLSocket;

/**
 * A device's HTTPS connection that costs its own side as little as can be, since client and service share the processors: one write
 * for a request, as few reads as there are records for its answer. Not thread-safe.
 */
final class DeviceConnection implements AutoCloseable {
    private static final int LARGEST_ANSWER = 16 * 1024;
    private static final byte[] LENGTH = "content-length:".getBytes(StandardCharsets.US_ASCII);

    private final SSLSocket socket;
    private final InputStream in;
    private final byte[] buffer = new byte[LARGEST_ANSWER];

    DeviceConnection(SSLSocket socket) throws IOException {
        this.socket = socket;
        this.in = socket.getInputStream();
    }

    /** An answer: its status, and its body as text. */
    record Answer(int status, String body) {
        Answer expect(int wanted) {
            if (status != wanted) {
                throw new BenchFailed("the service answered " + status + " instead of " + wanted + ": " + body);
            }
            return this;
        }
    }

    /** Sends these bytes, the whole of a request, and reads the whole of its answer. */
    Answer exchange(byte[] request) throws IOException {
        socket.getOutputStream().write(request);
        int filled = 0;
        int head = -1;
        int whole = LARGEST_ANSWER;
        while (filled < whole) {
            int more = in.read(buffer, filled, LARGEST_ANSWER - filled);
            if (more < 0) {
                throw new IOException("the service closed the connection");
            }
            filled += more;
            if (head < 0) {
                head = endOfHead(filled);
                whole = head < 0 ? LARGEST_ANSWER : head + length(head);
            }
        }
        int status = Integer.parseInt(new String(buffer, 9, 3, StandardCharsets.US_ASCII));
        return new Answer(status, new String(buffer, head, whole - head, StandardCharsets.UTF_8));
    }

    private int endOfHead(int filled) {
        for (int i = 3; i < filled; i++) {
            if (buffer[i] == '\n' && buffer[i - 1] == '\r' && buffer[i - 2] == '\n') {
                return i + 1;
            }
        }
        return -1;
    }

    private int length(int head) throws IOException {
        String text = new String(buffer, 0, head, StandardCharsets.US_ASCII).toLowerCase(Locale.ROOT);
        int at = text.indexOf(new String(LENGTH, StandardCharsets.US_ASCII));
        if (at < 0) {
            throw new IOException("an answer without Content-Length");
        }
        return Integer.parseInt(
                text.substring(at + LENGTH.length, text.indexOf('\r', at)).strip());
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
