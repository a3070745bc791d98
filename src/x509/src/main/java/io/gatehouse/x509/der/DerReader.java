package io.gatehouse.x509.der;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;

/**
 * Reads DER (X.690) from bytes in memory, strictly: definite lengths in their shortest form, tag numbers below 31, canonical integers and
 * booleans. Nothing is read outside the element that was opened, and the reader itself never recurses: the caller's code is the depth. Every
 * violation is a {@link MalformedException}, never another exception.
 *
 * <p>A reader opened on an element is a view of the same bytes. Not thread-safe.
 */
public final class DerReader {
    private final byte[] data;
    private final int end;
    private int position;

    /** Reads the whole array, which must not change meanwhile. */
    public DerReader(byte[] data) {
        this(data, 0, data.length);
    }

    private DerReader(byte[] data, int start, int end) {
        this.data = data;
        this.position = start;
        this.end = end;
    }

    public boolean hasMore() {
        return position < end;
    }

    /** Whether an element with this tag comes next. */
    public boolean next(int tag) {
        return position < end && (data[position] & 0xff) == tag;
    }

    /** The next element's tag, or -1 at the end. */
    public int peek() {
        return position < end ? data[position] & 0xff : -1;
    }

    /** Refuses anything that is left over. */
    public void end() throws MalformedException {
        if (position != end) {
            throw new MalformedException("trailing bytes after the last element");
        }
    }

    public DerReader sequence() throws MalformedException {
        return open(DerTag.SEQUENCE);
    }

    public DerReader set() throws MalformedException {
        return open(DerTag.SET);
    }

    /** The inside of the next element, which must have this tag. */
    public DerReader open(int tag) throws MalformedException {
        var start = enter(tag);
        return new DerReader(data, start, position);
    }

    /** The content octets of the next element, which must have this tag. */
    public byte[] content(int tag) throws MalformedException {
        var start = enter(tag);
        return Arrays.copyOfRange(data, start, position);
    }

    /** The next element whole, with tag and length; at the end of input malformed. */
    public byte[] element() throws MalformedException {
        if (position >= end) {
            throw new MalformedException("an element is missing");
        }
        var start = position;
        enter(peek());
        return Arrays.copyOfRange(data, start, position);
    }

    /** The next element whole, which must have this tag. */
    public byte[] element(int tag) throws MalformedException {
        var start = position;
        enter(tag);
        return Arrays.copyOfRange(data, start, position);
    }

    /** Skips one element. */
    public void skip() throws MalformedException {
        if (position >= end) {
            throw new MalformedException("an element is missing");
        }
        enter(peek());
    }

    public BigInteger integer() throws MalformedException {
        var content = content(DerTag.INTEGER);
        if (content.length == 0) {
            throw new MalformedException("an INTEGER without content");
        }
        if (content.length > 1
                && ((content[0] == 0 && content[1] >= 0) || (content[0] == (byte) 0xff && content[1] < 0))) {
            throw new MalformedException("an INTEGER not in its shortest form");
        }
        return new BigInteger(content);
    }

    /** An INTEGER between 0 and a largest value. */
    public int integer(int largest) throws MalformedException {
        var value = integer();
        if (value.signum() < 0 || value.bitLength() > 31 || value.intValue() > largest) {
            throw new MalformedException("an INTEGER outside 0 to " + largest);
        }
        return value.intValue();
    }

    public boolean bool() throws MalformedException {
        var content = content(DerTag.BOOLEAN);
        if (content.length != 1 || (content[0] != 0 && content[0] != (byte) 0xff)) {
            throw new MalformedException("a BOOLEAN that is neither 00 nor FF");
        }
        return content[0] != 0;
    }

    public byte[] octetString() throws MalformedException {
        return content(DerTag.OCTET_STRING);
    }

    /** The bytes of a BIT STRING of whole octets. */
    public byte[] bitString() throws MalformedException {
        var content = content(DerTag.BIT_STRING);
        if (content.length == 0 || content[0] != 0) {
            throw new MalformedException("a BIT STRING that is not of whole octets");
        }
        return Arrays.copyOfRange(content, 1, content.length);
    }

    /** A BIT STRING of named bits, at most 31: bit 0 is the lowest bit of the result. */
    public int namedBits() throws MalformedException {
        var content = content(DerTag.BIT_STRING);
        if (content.length == 0 || content.length > 5 || content[0] < 0 || content[0] > 7) {
            throw new MalformedException("a BIT STRING of named bits that is empty, too long or badly padded");
        }
        var bits = 0;
        var count = (content.length - 1) * 8 - content[0];
        if (count < 0 || count > 31) {
            throw new MalformedException("a BIT STRING of named bits that is too long or badly padded");
        }
        for (var bit = 0; bit < count; bit++) {
            if ((content[1 + bit / 8] & (0x80 >> (bit % 8))) != 0) {
                bits |= 1 << bit;
            }
        }
        return bits;
    }

    public void nullValue() throws MalformedException {
        if (content(DerTag.NULL).length != 0) {
            throw new MalformedException("a NULL with content");
        }
    }

    /** An OBJECT IDENTIFIER in dotted form; arcs up to 2^63. */
    public String oid() throws MalformedException {
        return Oids.decode(content(DerTag.OBJECT_IDENTIFIER));
    }

    /** A UTF8String, PrintableString or IA5String; any other kind, and text that breaks its kind's rules, is malformed. */
    public String string() throws MalformedException {
        var tag = peek();
        return switch (tag) {
            case DerTag.UTF8_STRING -> decode(content(tag));
            case DerTag.PRINTABLE_STRING -> printable(ascii(content(tag)));
            case DerTag.IA5_STRING -> ascii(content(tag));
            default -> throw new MalformedException("a string that is not UTF8String, PrintableString or IA5String");
        };
    }

    /** A UTCTime or GeneralizedTime in the only forms that RFC 5280, section 4.1.2.5 allows. */
    public Instant time() throws MalformedException {
        var tag = peek();
        if (tag != DerTag.UTC_TIME && tag != DerTag.GENERALIZED_TIME) {
            throw new MalformedException("a time that is neither UTCTime nor GeneralizedTime");
        }
        var text = ascii(content(tag));
        var digits = tag == DerTag.UTC_TIME ? 12 : 14;
        if (text.length() != digits + 1
                || text.charAt(digits) != 'Z'
                || !text.chars().limit(digits).allMatch(c -> c >= '0' && c <= '9')) {
            throw new MalformedException("a time that is not in UTC with seconds");
        }
        var year = digits == 14 ? number(text, 0, 4) : number(text, 0, 2) + (number(text, 0, 2) < 50 ? 2000 : 1900);
        var at = digits - 10;
        try {
            return LocalDateTime.of(
                            year,
                            number(text, at, 2),
                            number(text, at + 2, 2),
                            number(text, at + 4, 2),
                            number(text, at + 6, 2),
                            number(text, at + 8, 2))
                    .toInstant(ZoneOffset.UTC);
        } catch (DateTimeException e) {
            throw new MalformedException("a time that does not exist", e);
        }
    }

    /** ASCII text, for context-tagged IA5Strings. */
    public static String ascii(byte[] content) throws MalformedException {
        for (var b : content) {
            if (b < 0) {
                throw new MalformedException("a string with a byte outside ASCII");
            }
        }
        return new String(content, StandardCharsets.US_ASCII);
    }

    private static String printable(String text) throws MalformedException {
        for (var i = 0; i < text.length(); i++) {
            var c = text.charAt(i);
            var letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (!letter && " '()+,-./:=?".indexOf(c) < 0) {
                throw new MalformedException("a PrintableString with a character that it cannot hold");
            }
        }
        return text;
    }

    private static String decode(byte[] content) throws MalformedException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(content))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new MalformedException("a UTF8String that is not UTF-8", e);
        }
    }

    private static int number(String text, int from, int length) {
        return Integer.parseInt(text, from, from + length, 10);
    }

    /** Moves past the next element and answers where its content starts; its content ends at the new position. */
    private int enter(int tag) throws MalformedException {
        if (position >= end) {
            throw new MalformedException("an element is missing");
        }
        var found = data[position] & 0xff;
        if (found != tag) {
            throw new MalformedException("expected " + DerTag.name(tag) + ", found " + DerTag.name(found));
        }
        if ((found & 0x1f) == 0x1f) {
            throw new MalformedException("a tag number above 30");
        }
        var length = length(position + 1);
        var start = position + 1 + lengthOctets(position + 1);
        if (length > end - start) {
            throw new MalformedException("an element longer than what holds it");
        }
        position = start + length;
        return start;
    }

    private int lengthOctets(int at) {
        return (data[at] & 0x80) == 0 ? 1 : 1 + (data[at] & 0x7f);
    }

    private int length(int at) throws MalformedException {
        if (at >= end) {
            throw new MalformedException("an element without a length");
        }
        var first = data[at] & 0xff;
        if (first < 0x80) {
            return first;
        }
        var count = first & 0x7f;
        if (count == 0 || count > 4 || at + count >= end) {
            throw new MalformedException("a length that is indefinite, above 4 octets or cut off");
        }
        long length = 0;
        for (var i = 1; i <= count; i++) {
            length = length << 8 | (data[at + i] & 0xff);
        }
        if (length < 0x80 || length >>> (8 * (count - 1)) == 0 || length > Integer.MAX_VALUE) {
            throw new MalformedException("a length that is not in its shortest form, or too large");
        }
        return (int) length;
    }
}
