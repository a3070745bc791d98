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

    private final Revocations revoked;
    private final long latest;
    private final byte[] out;
    private int at;

    /**
     * @param latest the second that no revocation date is after
     * @param at where in the array the first entry begins
     */
    EntryWriter(Revocations revoked, long latest, byte[] out, int at) {
        this.revoked = revoked;
        this.latest = latest;
        this.out = out;
        this.at = at;
    }

    /** How many bytes all entries take together. */
    static int length(Revocations revoked, long latest) {
        int length = 0;
        for (int entry = 0; entry < revoked.size(); entry++) {
            length = Math.addExact(length, HEADER + contentLength(revoked, latest, entry));
        }
        return length;
    }

    private static int contentLength(Revocations revoked, long latest, int entry) {
        var time = Math.min(latest, revoked.second(entry)) < FIRST_GENERALIZED ? UTC_LENGTH : GENERALIZED_LENGTH;
        var reason = revoked.reason(entry) == RevokedSet.UNSPECIFIED ? 0 : REASON.length;
        return HEADER + revoked.serialLength(entry) + HEADER + time + reason;
    }

    /** Writes all entries; answers where they end. */
    int writeAll() {
        for (int entry = 0; entry < revoked.size(); entry++) {
            write(entry);
        }
        return at;
    }

    private void write(int entry) {
        header(DerTag.SEQUENCE, contentLength(revoked, latest, entry));
        int length = revoked.serialLength(entry);
        header(DerTag.INTEGER, length);
        for (int fromEnd = length - 1; fromEnd >= 0; fromEnd--) {
            out[at++] = revoked.serialOctet(entry, fromEnd);
        }
        time(Math.min(latest, revoked.second(entry)));
        if (revoked.reason(entry) != RevokedSet.UNSPECIFIED) {
            System.arraycopy(REASON, 0, out, at, REASON.length);
            at += REASON.length;
            out[at - 1] = (byte) revoked.reason(entry);
        }
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
}
