package io.gatehouse.admission.feed;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;

/**
 * The lines of the feed as bytes: one JSON object (RFC 8259) and a line feed. Unknown members are ignored, unknown kinds are
 * reported. Nothing that is read throws; hostile input is {@link Parsed.Malformed}. Thread-safe.
 */
public final class FeedCodec {
    /** The longest line, its line feed included. A change that would be longer has to be read from a snapshot. */
    public static final int MAX_LINE = 1024 * 1024;

    private FeedCodec() {}

    /** The line with its line feed. Throws IllegalArgumentException when it is longer than {@link #MAX_LINE}. */
    public static byte[] write(FeedLine line) {
        byte[] bytes = Json.write(json -> LineWriter.write(json, line), "\n");
        if (bytes.length > MAX_LINE) {
            throw new IllegalArgumentException("a line of " + bytes.length + " bytes; at most " + MAX_LINE);
        }
        return bytes;
    }

    /** The line of these bytes, with or without a line feed at the end. */
    public static Parsed<FeedLine> read(byte[] line) {
        return read(line, 0, line.length);
    }

    /** The line of these bytes, with or without a line feed at the end. */
    public static Parsed<FeedLine> read(byte[] bytes, int offset, int length) {
        if (length > MAX_LINE) {
            return new Parsed.Malformed<>("longer than " + MAX_LINE + " bytes");
        }
        return Json.read(bytes, offset, length, FeedCodec::line);
    }

    private static Parsed<FeedLine> line(JsonParser json) throws IOException {
        try {
            return new Parsed.Value<>(members(json).line());
        } catch (RawLine.UnknownKindException e) {
            // What follows of this line is of no interest, but it has to be JSON.
            while (json.nextToken() != null) {
                json.skipChildren();
            }
            return new Parsed.UnknownKind<>(e.kind());
        }
    }

    private static RawLine members(JsonParser json) throws IOException {
        var raw = new RawLine();
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String name = json.currentName();
            if (json.nextToken() == JsonToken.VALUE_NULL) {
                continue;
            }
            if (name.equals("entries") && json.currentToken() == JsonToken.START_ARRAY) {
                raw.changes = Json.list(json, FeedCodec::entry);
            } else {
                raw.member(name, json);
            }
        }
        return raw;
    }

    private static Entry entry(JsonParser json) throws IOException {
        if (json.currentToken() == JsonToken.START_OBJECT && members(json).line() instanceof Entry entry) {
            return entry;
        }
        throw new Json.Bad("not an entry");
    }
}
