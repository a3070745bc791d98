package io.gatehouse.enrollment.ca.crl;

import io.gatehouse.x509.der.DerTag;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/**
 * Writes the elements of revokedCertificates (RFC 5280, section 5.1.2.6) into one array: serial number, revocation date, and the reason
 * code unless it is unspecified. Every element stays below 128 bytes, so every length takes one octet.
 */
final class EntryWriter {
    private static final int HEADER = 2;
    private static final int UTC_LENGTH = 13;
    private static final int GENERALIZED_LENGTH = 15;
    /** 2050-01-01T00:00:00Z: from here on a time is a GeneralizedTime. */
    private static final long FIRST_GENERALIZED = 2_524_608_000L;

    /** SEQUENCE of one extension 2.5.29.21 whose value is an ENUMERATED, the last octet. */
    private static final byte[] REASON = {
        0x30, 0x0c, 0x30, 0x0a, 0x06, 0x03, 0x55, 0x1d, 0x15, 0x04, 0x03, 0x0a, 0x01, 0x00
    };

    private final byte[] out;
    private int at;

    EntryWriter(int length) {
        this.out = new byte[length];
    }

    /** How many bytes the entry takes. */
    static int length(RevokedSet.Entry entry) {
        return HEADER + contentLength(entry);
    }

    private static int contentLength(RevokedSet.Entry entry) {
        var time = entry.second() < FIRST_GENERALIZED ? UTC_LENGTH : GENERALIZED_LENGTH;
        var reason = entry.reason() == RevokedSet.UNSPECIFIED ? 0 : REASON.length;
        return HEADER + entry.serial().length + HEADER + time + reason;
    }

    void write(RevokedSet.Entry entry) {
        header(DerTag.SEQUENCE, contentLength(entry));
        header(DerTag.INTEGER, entry.serial().length);
        put(entry.serial());
        time(entry.second());
        if (entry.reason() != RevokedSet.UNSPECIFIED) {
            put(REASON);
            out[at - 1] = (byte) entry.reason();
        }
    }

    byte[] bytes() {
        if (at != out.length) {
            throw new IllegalStateException("entries of another length than announced");
        }
        return out;
    }

    /** UTCTime or GeneralizedTime by the year, digit by digit: formatters take longer than all the rest. */
    private void time(long second) {
        var time = LocalDateTime.ofEpochSecond(second, 0, ZoneOffset.UTC);
        var isUtc = second < FIRST_GENERALIZED;
        header(isUtc ? DerTag.UTC_TIME : DerTag.GENERALIZED_TIME, isUtc ? UTC_LENGTH : GENERALIZED_LENGTH);
        if (!isUtc) {
            digits(time.getYear() / 100);
        }
        digits(time.getYear() % 100);
        digits(time.getMonthValue());
        digits(time.getDayOfMonth());
        digits(time.getHour());
        digits(time.getMinute());
        digits(time.getSecond());
        out[at++] = 'Z';
    }

    private void digits(int two) {
        out[at++] = (byte) ('0' + two / 10);
        out[at++] = (byte) ('0' + two % 10);
    }

    private void header(int tag, int length) {
        out[at++] = (byte) tag;
        out[at++] = (byte) length;
    }

    private void put(byte[] bytes) {
        System.arraycopy(bytes, 0, out, at, bytes.length);
        at += bytes.length;
    }
}
