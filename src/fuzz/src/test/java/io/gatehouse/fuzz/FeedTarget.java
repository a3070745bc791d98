package io.gatehouse.fuzz;

import io.gatehouse.admission.feed.FeedCodec;
import io.gatehouse.admission.feed.FeedLine;
import io.gatehouse.admission.feed.Parsed;
import io.gatehouse.admission.feed.Report;
import io.gatehouse.admission.feed.ReportCodec;

/** Readers of the feed throw nothing, and what they read is written and read again as the same. */
final class FeedTarget {
    private FeedTarget() {}

    static void line(byte[] bytes) {
        if (FeedCodec.read(bytes) instanceof Parsed.Value<FeedLine> read) {
            same(read, FeedCodec.read(FeedCodec.write(read.value())));
        }
    }

    static void report(byte[] bytes) {
        if (ReportCodec.read(bytes) instanceof Parsed.Value<Report> read) {
            same(read, ReportCodec.read(ReportCodec.write(read.value())));
        }
    }

    private static void same(Parsed<?> read, Parsed<?> again) {
        if (!read.equals(again)) {
            throw new AssertionError(read + " was written and read as " + again);
        }
    }
}
