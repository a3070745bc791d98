package io.gatehouse.x509.der;

import java.io.IOException;
import java.io.InputStream;

/**
 * Reads the outline of a large DER structure from a stream: headers one by one, small elements whole. Lengths are strict as in
 * {@link DerReader}; an element that is read whole has a bound. Counts its position, so that the caller knows where an element ends. Not
 * thread-safe.
 */
public final class DerStream {
    private final InputStream in;
    private long position;

    /** The stream should be buffered; it is not closed here. */
    public DerStream(InputStream in) {
        this.in = in;
    }

    /** An element's tag and the length of its content. */
    public record Header(int tag, long length) {}

    /** How many bytes have been read. */
    public long position() {
        return position;
    }

    /** The next header, which must have this tag. */
    public Header open(int tag) throws IOException, MalformedException {
        var header = header();
        if (header.tag() != tag) {
            throw new MalformedException("expected " + DerTag.name(tag) + ", found " + DerTag.name(header.tag()));
        }
        return header;
    }

    /** The next header, whatever its tag. */
    public Header header() throws IOException, MalformedException {
        var tag = octet();
        if ((tag & 0x1f) == 0x1f) {
            throw new MalformedException("a tag number above 30");
        }
        return new Header(tag, length());
    }

    /** The next element whole, header included, of at most so many bytes of content. */
    public byte[] element(int most) throws IOException, MalformedException {
        var header = header();
        return DerWriter.element(header.tag(), content(header, most));
    }

    /** The content of an element whose header was read. */
    public byte[] content(Header header, int most) throws IOException, MalformedException {
        if (header.length() > most) {
            throw new MalformedException("an element above " + most + " bytes");
        }
        var content = in.readNBytes((int) header.length());
        position += content.length;
        if (content.length != header.length()) {
            throw cutOff();
        }
        return content;
    }

    /** Refuses bytes after the last element. */
    public void end() throws IOException, MalformedException {
        if (in.read() >= 0) {
            throw new MalformedException("trailing bytes after the last element");
        }
    }

    private long length() throws IOException, MalformedException {
        var first = octet();
        if (first < 0x80) {
            return first;
        }
        var count = first & 0x7f;
        if (count == 0 || count > 4) {
            throw new MalformedException("a length that is indefinite or above 4 octets");
        }
        long length = 0;
        for (var i = 0; i < count; i++) {
            length = length << 8 | octet();
        }
        if (length < 0x80 || length >>> (8 * (count - 1)) == 0) {
            throw new MalformedException("a length that is not in its shortest form");
        }
        return length;
    }

    private int octet() throws IOException, MalformedException {
        var octet = in.read();
        if (octet < 0) {
            throw cutOff();
        }
        position++;
        return octet;
    }

    private static MalformedException cutOff() {
        return new MalformedException("the input is cut off");
    }
}
