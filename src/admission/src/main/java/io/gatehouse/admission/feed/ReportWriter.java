package io.gatehouse.admission.feed;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;

/** Writes each kind of item of a report as its JSON object. */
final class ReportWriter {
    private ReportWriter() {}

    static void opened(JsonGenerator json, Report.Opened opened) throws IOException {
        json.writeStartObject();
        json.writeStringField("session", opened.session());
        json.writeStringField("clientId", opened.clientId());
        json.writeStringField("device", opened.device().value());
        json.writeStringField("certificate", opened.certificate().hex());
        json.writeStringField("address", opened.address());
        json.writeStringField("listener", opened.listener());
        json.writeStringField("tls", opened.tls());
        json.writeStringField("since", opened.since().toString());
        json.writeEndObject();
    }

    static void closed(JsonGenerator json, Report.Closed closed) throws IOException {
        json.writeStartObject();
        json.writeStringField("session", closed.session());
        json.writeStringField("clientId", closed.clientId());
        json.writeStringField("device", closed.device().value());
        json.writeStringField("reason", closed.reason());
        json.writeStringField("at", closed.at().toString());
        json.writeEndObject();
    }

    static void refused(JsonGenerator json, Report.Refused refused) throws IOException {
        json.writeStartObject();
        json.writeStringField("at", refused.at().toString());
        json.writeStringField("reason", refused.reason().word());
        if (refused.clientId().isPresent()) {
            json.writeStringField("clientId", refused.clientId().get());
        }
        if (refused.device().isPresent()) {
            json.writeStringField("device", refused.device().get().value());
        }
        if (refused.certificate().isPresent()) {
            json.writeStringField("certificate", refused.certificate().get().hex());
        }
        json.writeStringField("address", refused.address());
        json.writeEndObject();
    }

    static void enforced(JsonGenerator json, Report.Enforced enforced) throws IOException {
        json.writeStartObject();
        json.writeNumberField("revision", enforced.revision());
        json.writeNumberField("sessions", enforced.sessions());
        json.writeEndObject();
    }

    static void status(JsonGenerator json, Report.Status status) throws IOException {
        json.writeStartObject();
        json.writeBooleanField("ready", status.ready());
        if (status.reason().isPresent()) {
            json.writeStringField("reason", status.reason().get());
        }
        json.writeStringField("provider", status.provider());
        json.writeStringField("version", status.version());
        if (!status.trusted().isEmpty()) {
            json.writeArrayFieldStart("trusted");
            for (var sha256 : status.trusted()) {
                json.writeString(sha256.hex());
            }
            json.writeEndArray();
        }
        sentences(json, "problems", status.problems());
        sentences(json, "warnings", status.warnings());
        json.writeEndObject();
    }

    private static void sentences(JsonGenerator json, String name, List<String> sentences) throws IOException {
        if (!sentences.isEmpty()) {
            json.writeArrayFieldStart(name);
            for (var sentence : sentences) {
                json.writeString(sentence);
            }
            json.writeEndArray();
        }
    }
}
