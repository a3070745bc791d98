package io.gatehouse.admission.client;

import java.io.IOException;
import java.io.InputStream;

/**
 * A chunked body (RFC 9112, section 7.1). Gives what has arrived of a chunk without waiting for the next one. A connection that closes
 * before the last chunk is an error, so that a body that was cut is never taken for whole.
 */
final class ChunkedBody extends InputStream {
    private final InputStream in;
    private long left;
    private boolean first = true;
    private boolean ended;

    ChunkedBody(InputStream in) {
        this.in = in;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (left == 0 && !ended) {
            nextChunk();
        }
        if (ended) {
            return -1;
        }
        int read = in.read(bytes, offset, (int) Math.min(length, left));
        if (read < 0) {
            throw new ProtocolException("the service closed the connection within an answer");
        }
        left -= read;
        return read;
    }

    private void nextChunk() throws IOException {
        if (!first && !Connection.line(in).isEmpty()) {
            throw new ProtocolException("a chunk without its end");
        }
        first = false;
        String size = Connection.line(in).split(";", 2)[0].strip();
        if (!size.matches("[0-9A-Fa-f]{1,8}")) {
            throw new ProtocolException("a chunk without its size");
        }
        left = Long.parseLong(size, 16);
        if (left == 0) {
            while (!Connection.line(in).isEmpty()) {
                // Trailers are of no interest.
                first = false;
            }
            ended = true;
        }
    }
}
