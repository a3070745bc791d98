package io.gatehouse.admission.client;

import io.gatehouse.admission.feed.FeedCodec;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** Cuts a stream into lines of at most {@link FeedCodec#MAX_LINE} bytes, without copying the short ones. */
final class LineReader {
    private final InputStream in;
    private byte[] buffer = new byte[1 << 16];
    private int start;
    private int end;
    private int length;

    LineReader(InputStream in) {
        this.in = in;
    }

    /** Goes to the next line; false at the stream's end. What the end cuts off is no line. */
    boolean next() throws IOException {
        start += length;
        length = 0;
        int searched = start;
        while (true) {
            for (int i = searched; i < end; i++) {
                if (buffer[i] == '\n') {
                    length = i + 1 - start;
                    return true;
                }
            }
            searched = end - makeRoom();
            int read = in.read(buffer, end, buffer.length - end);
            if (read < 0) {
                return false;
            }
            end += read;
        }
    }

    byte[] buffer() {
        return buffer;
    }

    int offset() {
        return start;
    }

    int length() {
        return length;
    }

    byte[] copy() {
        return Arrays.copyOfRange(buffer, start, start + length);
    }

    /** By how much what is left moved to the front. */
    private int makeRoom() throws IOException {
        int moved = 0;
        if (start == end) {
            moved = start;
            start = 0;
            end = 0;
        } else if (end == buffer.length && start > 0) {
            moved = start;
            System.arraycopy(buffer, start, buffer, 0, end - start);
            end -= start;
            start = 0;
        } else if (end == buffer.length) {
            if (buffer.length >= FeedCodec.MAX_LINE) {
                throw new ProtocolException("a line longer than " + FeedCodec.MAX_LINE + " bytes");
            }
            buffer = Arrays.copyOf(buffer, Math.min(buffer.length * 2, FeedCodec.MAX_LINE));
        }
        return moved;
    }
}
