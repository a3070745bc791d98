package io.gatehouse.admission.feed;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.gatehouse.identity.Fingerprint;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reports as JSON (RFC 8259). Unknown members are ignored, bad values make a report malformed; absent lists are empty. Nothing that
 * is read throws. Thread-safe.
 */
public final class ReportCodec {
    private static final int MAX_EPOCH = 64;

    private ReportCodec() {}

    /** The report as JSON, which may be longer than {@link Report#MAX_BYTES}: the sender splits. */
    public static byte[] write(Report report) {
        return Json.write(json -> write(json, report), "");
    }

    /** The report of these bytes; more than {@link Report#MAX_BYTES} are malformed. */
    public static Parsed<Report> read(byte[] bytes) {
        if (bytes.length > Report.MAX_BYTES) {
            return new Parsed.Malformed<>("longer than " + Report.MAX_BYTES + " bytes");
        }
        return Json.read(bytes, 0, bytes.length, json -> new Parsed.Value<>(report(json)));
    }

    private static void write(JsonGenerator json, Report report) throws IOException {
        json.writeStartObject();
        json.writeStringField("epoch", report.epoch());
        json.writeNumberField("revision", report.revision());
        json.writeBooleanField("full", report.full());
        list(json, "opened", report.opened(), ReportWriter::opened);
        list(json, "closed", report.closed(), ReportWriter::closed);
        list(json, "refused", report.refused(), ReportWriter::refused);
        list(json, "enforced", report.enforced(), ReportWriter::enforced);
        list(json, "admitted", report.admitted(), (out, sha256) -> out.writeString(sha256.hex()));
        if (report.status().isPresent()) {
            json.writeFieldName("status");
            ReportWriter.status(json, report.status().get());
        }
        json.writeEndObject();
    }

    private interface ItemWriter<T> {
        void write(JsonGenerator json, T item) throws IOException;
    }

    private static <T> void list(JsonGenerator json, String name, List<T> items, ItemWriter<T> writer)
            throws IOException {
        if (items.isEmpty()) {
            return;
        }
        json.writeArrayFieldStart(name);
        for (T item : items) {
            writer.write(json, item);
        }
        json.writeEndArray();
    }

    private static Report report(JsonParser json) throws IOException {
        @Nullable String epoch = null;
        @Nullable Long revision = null;
        boolean full = false;
        List<Report.Opened> opened = List.of();
        List<Report.Closed> closed = List.of();
        List<Report.Refused> refused = List.of();
        List<Report.Enforced> enforced = List.of();
        List<Fingerprint> admitted = List.of();
        Report.@Nullable Status status = null;
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String name = json.currentName();
            if (json.nextToken() == JsonToken.VALUE_NULL) {
                continue;
            }
            switch (name) {
                case "epoch" -> epoch = Json.text(json);
                case "revision" -> revision = Json.whole(json);
                case "full" -> full = Json.truth(json);
                case "opened" ->
                    opened = Json.list(json, item -> RawReportItem.read(item).opened());
                case "closed" ->
                    closed = Json.list(json, item -> RawReportItem.read(item).closed());
                case "refused" ->
                    refused = Json.list(json, item -> RawReportItem.read(item).refused());
                case "enforced" ->
                    enforced = Json.list(json, item -> RawReportItem.read(item).enforced());
                case "admitted" -> admitted = Json.list(json, item -> Fingerprint.of(Json.text(item)));
                case "status" -> status = RawReportItem.read(json).status();
                default -> json.skipChildren();
            }
        }
        String position = Json.required("epoch", epoch);
        long reached = Json.required("revision", revision);
        if (position.length() > MAX_EPOCH || reached < 0) {
            throw new Json.Bad("epoch or revision out of range");
        }
        return new Report(
                position, reached, full, opened, closed, refused, enforced, admitted, Optional.ofNullable(status));
    }
}
