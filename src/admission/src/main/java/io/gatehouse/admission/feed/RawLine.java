package io.gatehouse.admission.feed;

import com.fasterxml.jackson.core.JsonParser;
import io.gatehouse.identity.CertificateState;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.DeviceState;
import io.gatehouse.identity.Fingerprint;
import io.gatehouse.identity.FleetKind;
import io.gatehouse.identity.FleetName;
import io.gatehouse.identity.FleetState;
import io.gatehouse.identity.RevocationReason;
import io.gatehouse.identity.policy.PolicyDocument;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The members of a line as they came, in whatever order; {@link #line()} makes the validated value of them. */
final class RawLine {
    private static final int MAX_EPOCH = 64;
    private static final int MAX_VERSION = 1_000_000;

    /** A kind of line or entry of a later version. */
    static final class UnknownKindException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final String kind;

        UnknownKindException(String kind) {
            super("unknown kind", null, false, false);
            this.kind = kind.length() > 40 ? kind.substring(0, 40) : kind;
        }

        String kind() {
            return kind;
        }
    }

    @Nullable
    List<Entry> changes;

    private List<String> kicked = List.of();
    private @Nullable String kind;
    private @Nullable Long version;
    private @Nullable String epoch;
    private @Nullable Long revision;
    private @Nullable Long entries;
    private @Nullable Long heartbeatMillis;
    private @Nullable Instant time;
    private @Nullable String name;
    private @Nullable String der;
    private @Nullable String fleetKind;
    private @Nullable String state;
    private @Nullable Integer sessionsMax;
    private @Nullable Map<String, Object> policy;
    private @Nullable String id;
    private @Nullable String fleet;
    private Map<String, String> attributes = Map.of();
    private int revocations;
    private @Nullable String sha256;
    private @Nullable String device;
    private @Nullable String reason;
    private @Nullable Long notBefore;
    private @Nullable Long notAfter;

    /** Takes a member in; the parser stands on its value. */
    void member(String member, JsonParser json) throws IOException {
        switch (member) {
            case "kind" -> kind = Json.text(json);
            case "version" -> version = Json.whole(json);
            case "epoch" -> epoch = Json.text(json);
            case "revision" -> revision = Json.whole(json);
            case "entries" -> entries = Json.whole(json);
            case "heartbeatMillis" -> heartbeatMillis = Json.whole(json);
            case "time" -> time = Json.time(json);
            case "name" -> name = Json.text(json);
            case "der" -> der = Json.text(json);
            case "fleetKind" -> fleetKind = Json.text(json);
            case "state" -> state = Json.text(json);
            case "sessionsMax" -> sessionsMax = Json.count(json);
            case "policy" -> policy = Json.object(json);
            case "id" -> id = Json.text(json);
            case "fleet" -> fleet = Json.text(json);
            case "attributes" -> attributes = texts(Json.object(json));
            case "revocations" -> revocations = Json.count(json);
            case "sha256" -> sha256 = Json.text(json);
            case "device" -> device = Json.text(json);
            case "reason" -> reason = Json.text(json);
            case "kicked" -> kicked = Json.list(json, Json::text);
            case "notBefore" -> notBefore = Json.whole(json);
            case "notAfter" -> notAfter = Json.whole(json);
            default -> json.skipChildren();
        }
    }

    FeedLine line() {
        String known = Json.required("kind", kind);
        return switch (known) {
            case "hello" -> new FeedLine.Hello(version(), epoch(), revision(), heartbeat(), time());
            case "snapshot" -> new FeedLine.SnapshotBegin(version(), epoch(), revision(), time());
            case "snapshot-end" -> new FeedLine.SnapshotEnd(revision(), Json.required("entries", entries));
            case "change" -> new FeedLine.Change(revision(), Json.required("entries", changes), kicked);
            case "heartbeat" -> new FeedLine.Heartbeat(revision(), time());
            case "authority" ->
                new Entry.AuthorityEntry(
                        Json.required("name", name), Base64.getDecoder().decode(Json.required("der", der)));
            case "authority-removed" -> new Entry.AuthorityRemoved(Json.required("name", name));
            case "fleet" -> fleetEntry();
            case "device" -> deviceEntry();
            case "device-removed" -> new Entry.DeviceRemoved(DeviceId.of(Json.required("id", id)));
            case "certificate" -> certificateEntry();
            case "certificate-removed" -> new Entry.CertificateRemoved(Fingerprint.of(Json.required("sha256", sha256)));
            default -> throw new UnknownKindException(known);
        };
    }

    private Entry fleetEntry() {
        return new Entry.FleetEntry(
                FleetName.of(Json.required("name", name)),
                Json.word(Json.required("fleetKind", fleetKind), FleetKind::ofWord),
                Json.word(Json.required("state", state), FleetState::ofWord),
                Json.required("sessionsMax", sessionsMax),
                PolicyDocument.read(Json.required("policy", policy)));
    }

    private Entry deviceEntry() {
        return new Entry.DeviceEntry(
                DeviceId.of(Json.required("id", id)),
                FleetName.of(Json.required("fleet", fleet)),
                Json.word(Json.required("state", state), DeviceState::ofWord),
                attributes,
                revocations);
    }

    private Entry certificateEntry() {
        return new Entry.CertificateEntry(
                Fingerprint.of(Json.required("sha256", sha256)),
                DeviceId.of(Json.required("device", device)),
                Json.word(Json.required("state", state), CertificateState::ofWord),
                reason == null ? Optional.empty() : Optional.of(Json.word(reason, RevocationReason::parse)),
                Instant.ofEpochSecond(Json.required("notBefore", notBefore)),
                Instant.ofEpochSecond(Json.required("notAfter", notAfter)));
    }

    private int version() {
        long value = Json.required("version", version);
        if (value < 1 || value > MAX_VERSION) {
            throw new Json.Bad("a version is 1 to " + MAX_VERSION);
        }
        return (int) value;
    }

    private String epoch() {
        String text = Json.required("epoch", epoch);
        if (text.isEmpty() || text.length() > MAX_EPOCH) {
            throw new Json.Bad("an epoch has 1 to " + MAX_EPOCH + " characters");
        }
        return text;
    }

    private long revision() {
        long value = Json.required("revision", revision);
        if (value < 0) {
            throw new Json.Bad("a revision is not negative");
        }
        return value;
    }

    private Duration heartbeat() {
        long millis = Json.required("heartbeatMillis", heartbeatMillis);
        if (millis < 1 || millis > 3_600_000) {
            throw new Json.Bad("heartbeatMillis is 1 to 3600000");
        }
        return Duration.ofMillis(millis);
    }

    private Instant time() {
        return Json.required("time", time);
    }

    private static Map<String, String> texts(Map<String, Object> members) {
        var texts = new LinkedHashMap<String, String>();
        members.forEach((name, value) -> {
            if (!(value instanceof String text)) {
                throw new Json.Bad("an attribute is not a text");
            }
            texts.put(name, text);
        });
        return texts;
    }
}
