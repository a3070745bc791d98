package io.gatehouse.admission.feed;

/**
 * The lines of the feed as bytes: one JSON object (RFC 8259) and a line feed. Unknown members are ignored, unknown kinds are
 * reported. Thread-safe.
 */
public final class FeedCodec {
    /** The longest line, its line feed included. A change that would be longer has to be read from a snapshot. */
    public static final int MAX_LINE = 1024 * 1024;

    private FeedCodec() {}

    /** The line with its line feed. Throws IllegalArgumentException when it is longer than {@link #MAX_LINE}. */
    public static byte[] write(FeedLine line) {
        throw new UnsupportedOperationException();
    }

    /** The line of these bytes, with or without a line feed at the end. */
    public static Parsed<FeedLine> read(byte[] line) {
        return read(line, 0, line.length);
    }

    /** The line of these bytes, with or without a line feed at the end. */
    public static Parsed<FeedLine> read(byte[] bytes, int offset, int length) {
        throw new UnsupportedOperationException();
    }
}
