package io.gatehouse.admission.feed;

import com.fasterxml.jackson.core.JsonGenerator;
import io.gatehouse.identity.policy.PolicyDocument;
import java.io.IOException;
import java.util.Base64;
import java.util.Map;

/** Writes each kind of line as its JSON object. */
final class LineWriter {
    private LineWriter() {}

    static void write(JsonGenerator json, FeedLine line) throws IOException {
        json.writeStartObject();
        if (line instanceof Entry entry) {
            entry(json, entry);
        } else if (line instanceof FeedLine.Hello hello) {
            begin(json, "hello", hello.version(), hello.epoch(), hello.revision());
            json.writeNumberField("heartbeatMillis", hello.heartbeat().toMillis());
            json.writeStringField("time", hello.time().toString());
        } else if (line instanceof FeedLine.SnapshotBegin begin) {
            begin(json, "snapshot", begin.version(), begin.epoch(), begin.revision());
            json.writeStringField("time", begin.time().toString());
        } else if (line instanceof FeedLine.SnapshotEnd end) {
            json.writeStringField("kind", "snapshot-end");
            json.writeNumberField("revision", end.revision());
            json.writeNumberField("entries", end.entries());
        } else if (line instanceof FeedLine.Heartbeat heartbeat) {
            json.writeStringField("kind", "heartbeat");
            json.writeNumberField("revision", heartbeat.revision());
            json.writeStringField("time", heartbeat.time().toString());
        } else if (line instanceof FeedLine.Change change) {
            change(json, change);
        }
        json.writeEndObject();
    }

    private static void begin(JsonGenerator json, String kind, int version, String epoch, long revision)
            throws IOException {
        json.writeStringField("kind", kind);
        json.writeNumberField("version", version);
        json.writeStringField("epoch", epoch);
        json.writeNumberField("revision", revision);
    }

    private static void change(JsonGenerator json, FeedLine.Change change) throws IOException {
        json.writeStringField("kind", "change");
        json.writeNumberField("revision", change.revision());
        json.writeArrayFieldStart("entries");
        for (Entry entry : change.entries()) {
            json.writeStartObject();
            entry(json, entry);
            json.writeEndObject();
        }
        json.writeEndArray();
        if (!change.kicked().isEmpty()) {
            json.writeArrayFieldStart("kicked");
            for (String session : change.kicked()) {
                json.writeString(session);
            }
            json.writeEndArray();
        }
    }

    private static void entry(JsonGenerator json, Entry entry) throws IOException {
        if (entry instanceof Entry.DeviceEntry device) {
            device(json, device);
        } else if (entry instanceof Entry.CertificateEntry certificate) {
            certificate(json, certificate);
        } else if (entry instanceof Entry.FleetEntry fleet) {
            fleet(json, fleet);
        } else if (entry instanceof Entry.AuthorityEntry authority) {
            json.writeStringField("kind", "authority");
            json.writeStringField("name", authority.name());
            json.writeStringField("der", Base64.getEncoder().encodeToString(authority.der()));
        } else if (entry instanceof Entry.AuthorityRemoved removed) {
            json.writeStringField("kind", "authority-removed");
            json.writeStringField("name", removed.name());
        } else if (entry instanceof Entry.DeviceRemoved removed) {
            json.writeStringField("kind", "device-removed");
            json.writeStringField("id", removed.id().value());
        } else if (entry instanceof Entry.CertificateRemoved removed) {
            json.writeStringField("kind", "certificate-removed");
            json.writeStringField("sha256", removed.sha256().hex());
        }
    }

    private static void fleet(JsonGenerator json, Entry.FleetEntry fleet) throws IOException {
        json.writeStringField("kind", "fleet");
        json.writeStringField("name", fleet.name().value());
        json.writeStringField("fleetKind", fleet.kind().word());
        json.writeStringField("state", fleet.state().word());
        json.writeNumberField("sessionsMax", fleet.sessionsMax());
        json.writeFieldName("policy");
        plain(json, PolicyDocument.write(fleet.policy()));
    }

    private static void device(JsonGenerator json, Entry.DeviceEntry device) throws IOException {
        json.writeStringField("kind", "device");
        json.writeStringField("id", device.id().value());
        json.writeStringField("fleet", device.fleet().value());
        json.writeStringField("state", device.state().word());
        json.writeFieldName("attributes");
        plain(json, device.attributes());
        if (device.revocations() > 0) {
            json.writeNumberField("revocations", device.revocations());
        }
    }

    private static void certificate(JsonGenerator json, Entry.CertificateEntry certificate) throws IOException {
        json.writeStringField("kind", "certificate");
        json.writeStringField("sha256", certificate.sha256().hex());
        json.writeStringField("device", certificate.device().value());
        json.writeStringField("state", certificate.state().word());
        if (certificate.reason().isPresent()) {
            json.writeStringField("reason", certificate.reason().get().camelCase());
        }
        json.writeNumberField("notBefore", certificate.notBefore().getEpochSecond());
        json.writeNumberField("notAfter", certificate.notAfter().getEpochSecond());
    }

    /** What {@code PolicyDocument} hands over: maps, lists, texts and small numbers. */
    private static void plain(JsonGenerator json, Object value) throws IOException {
        if (value instanceof Map<?, ?> members) {
            json.writeStartObject();
            for (var member : members.entrySet()) {
                json.writeFieldName(String.valueOf(member.getKey()));
                plain(json, member.getValue());
            }
            json.writeEndObject();
        } else if (value instanceof Iterable<?> items) {
            json.writeStartArray();
            for (Object item : items) {
                plain(json, item);
            }
            json.writeEndArray();
        } else if (value instanceof Number number) {
            json.writeNumber(number.longValue());
        } else {
            json.writeString(String.valueOf(value));
        }
    }
}
