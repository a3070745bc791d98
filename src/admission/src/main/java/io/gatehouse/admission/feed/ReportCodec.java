package io.gatehouse.admission.feed;

/** Reports as JSON (RFC 8259). Unknown members are ignored, bad values make it malformed. Thread-safe. */
public final class ReportCodec {
    private ReportCodec() {}

    /** The report as JSON, which may be longer than {@link Report#MAX_BYTES}: the sender splits. */
    public static byte[] write(Report report) {
        throw new UnsupportedOperationException();
    }

    /** The report of these bytes; more than {@link Report#MAX_BYTES} are malformed. */
    public static Parsed<Report> read(byte[] json) {
        throw new UnsupportedOperationException();
    }
}
