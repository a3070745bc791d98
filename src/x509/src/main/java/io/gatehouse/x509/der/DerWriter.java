package io.gatehouse.x509.der;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Collection;

/** Writes DER (X.690): each method answers one whole element. Elements of a SET OF are written in the order given. */
public final class DerWriter {
    private DerWriter() {}

    /** An element with any tag. */
    public static byte[] element(int tag, byte[]... parts) {
        var length = 0;
        for (var part : parts) {
            length = Math.addExact(length, part.length);
        }
        var octets = lengthOctets(length);
        var out = new byte[Math.addExact(1 + octets, length)];
        out[0] = (byte) tag;
        writeLength(out, length, octets);
        var at = 1 + octets;
        for (var part : parts) {
            System.arraycopy(part, 0, out, at, part.length);
            at += part.length;
        }
        return out;
    }

    /** Tag and length of an element whose content somebody else writes. */
    public static byte[] header(int tag, int length) {
        var octets = lengthOctets(length);
        var out = new byte[1 + octets];
        out[0] = (byte) tag;
        writeLength(out, length, octets);
        return out;
    }

    public static byte[] sequence(byte[]... parts) {
        return element(DerTag.SEQUENCE, parts);
    }

    public static byte[] sequence(Collection<byte[]> parts) {
        return sequence(parts.toArray(byte[][]::new));
    }

    public static byte[] set(byte[]... parts) {
        return element(DerTag.SET, parts);
    }

    /** [n] EXPLICIT, or [n] IMPLICIT of a constructed type. */
    public static byte[] constructed(int number, byte[]... parts) {
        return element(DerTag.constructed(number), parts);
    }

    /** [n] IMPLICIT of a primitive type. */
    public static byte[] primitive(int number, byte[] content) {
        return element(DerTag.primitive(number), content);
    }

    public static byte[] integer(BigInteger value) {
        return element(DerTag.INTEGER, value.toByteArray());
    }

    public static byte[] integer(long value) {
        return integer(BigInteger.valueOf(value));
    }

    public static byte[] bool(boolean value) {
        return element(DerTag.BOOLEAN, new byte[] {(byte) (value ? 0xff : 0)});
    }

    public static byte[] octetString(byte[] content) {
        return element(DerTag.OCTET_STRING, content);
    }

    /** A BIT STRING of whole octets. */
    public static byte[] bitString(byte[] content) {
        return element(DerTag.BIT_STRING, new byte[] {0}, content);
    }

    public static byte[] nullValue() {
        return element(DerTag.NULL);
    }

    public static byte[] oid(String dotted) {
        return element(DerTag.OBJECT_IDENTIFIER, Oids.encode(dotted));
    }

    public static byte[] utf8(String text) {
        return element(DerTag.UTF8_STRING, text.getBytes(StandardCharsets.UTF_8));
    }

    /** UTCTime through 2049, GeneralizedTime from 2050 (RFC 5280, section 4.1.2.5). */
    public static byte[] time(Instant instant) {
        var time = instant.atOffset(ZoneOffset.UTC);
        var utc = time.getYear() >= 1950 && time.getYear() < 2050;
        return utc ? element(DerTag.UTC_TIME, digits(time, "yyMMddHHmmssZ".length())) : generalizedTime(instant);
    }

    /** GeneralizedTime in whole seconds and Zulu, whatever the year (RFC 6960, section 4.2.2.1). */
    public static byte[] generalizedTime(Instant instant) {
        return element(DerTag.GENERALIZED_TIME, digits(instant.atOffset(ZoneOffset.UTC), "yyyyMMddHHmmssZ".length()));
    }

    /** The last so many characters of the time with all digits of its year; a date format takes ten times as long. */
    private static byte[] digits(OffsetDateTime time, int length) {
        var text = new byte["yyyyMMddHHmmssZ".length()];
        two(text, 0, time.getYear() / 100);
        two(text, 2, time.getYear() % 100);
        two(text, 4, time.getMonthValue());
        two(text, 6, time.getDayOfMonth());
        two(text, 8, time.getHour());
        two(text, 10, time.getMinute());
        two(text, 12, time.getSecond());
        text[14] = 'Z';
        return Arrays.copyOfRange(text, text.length - length, text.length);
    }

    private static void two(byte[] text, int at, int value) {
        text[at] = (byte) ('0' + value / 10);
        text[at + 1] = (byte) ('0' + value % 10);
    }

    private static int lengthOctets(int length) {
        return length < 0x80 ? 1 : 2 + (31 - Integer.numberOfLeadingZeros(length)) / 8;
    }

    private static void writeLength(byte[] out, int length, int octets) {
        if (octets == 1) {
            out[1] = (byte) length;
            return;
        }
        out[1] = (byte) (0x80 | (octets - 1));
        for (var i = octets - 1; i >= 1; i--) {
            out[1 + i] = (byte) (length >>> (8 * (octets - 1 - i)));
        }
    }
}
