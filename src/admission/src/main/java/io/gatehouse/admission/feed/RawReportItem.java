package io.gatehouse.admission.feed;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.Fingerprint;
import io.gatehouse.identity.RefusalReason;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The members of one item of a report as they came; each method makes one kind of validated item of them. */
final class RawReportItem {
    /** The longest text; a client id of 65,535 bytes is the client's business, a report shows its beginning. */
    private static final int MAX_TEXT = 512;

    private final Map<String, String> texts = new HashMap<>();
    private final Map<String, Long> numbers = new HashMap<>();
    private final Map<String, Boolean> flags = new HashMap<>();
    private final Map<String, List<String>> sentences = new HashMap<>();
    private List<Fingerprint> trusted = List.of();

    private RawReportItem() {}

    /** Reads the object on whose start the parser stands. */
    static RawReportItem read(JsonParser json) throws IOException {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            throw new Json.Bad("not an object");
        }
        var item = new RawReportItem();
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String name = json.currentName();
            var token = json.nextToken();
            if (name.equals("trusted") && token == JsonToken.START_ARRAY) {
                item.trusted = Json.list(json, entry -> Fingerprint.of(Json.text(entry)));
                continue;
            }
            if ((name.equals("problems") || name.equals("warnings")) && token == JsonToken.START_ARRAY) {
                item.sentences.put(name, Json.list(json, entry -> bounded(Json.text(entry))));
                continue;
            }
            switch (token) {
                case VALUE_STRING -> item.texts.put(name, bounded(json.getText()));
                case VALUE_NUMBER_INT -> item.numbers.put(name, json.getLongValue());
                case VALUE_TRUE, VALUE_FALSE -> item.flags.put(name, json.getBooleanValue());
                default -> json.skipChildren();
            }
        }
        return item;
    }

    Report.Opened opened() {
        return new Report.Opened(
                text("session"),
                text("clientId"),
                DeviceId.of(text("device")),
                Fingerprint.of(text("certificate")),
                text("address"),
                text("listener"),
                text("tls"),
                Instant.parse(text("since")));
    }

    Report.Closed closed() {
        return new Report.Closed(
                text("session"),
                text("clientId"),
                DeviceId.of(text("device")),
                text("reason"),
                Instant.parse(text("at")));
    }

    Report.Refused refused() {
        return new Report.Refused(
                Instant.parse(text("at")),
                Json.word(text("reason"), RefusalReason::ofWord),
                Optional.ofNullable(texts.get("clientId")),
                Optional.ofNullable(texts.get("device")).map(DeviceId::of),
                Optional.ofNullable(texts.get("certificate")).map(Fingerprint::of),
                text("address"));
    }

    Report.Enforced enforced() {
        long sessions = number("sessions");
        if (sessions < 0 || sessions > Integer.MAX_VALUE) {
            throw new Json.Bad("sessions out of range");
        }
        return new Report.Enforced(number("revision"), (int) sessions);
    }

    Report.Status status() {
        return new Report.Status(
                Json.required("ready", flags.get("ready")),
                Optional.ofNullable(texts.get("reason")),
                text("provider"),
                text("version"),
                trusted,
                sentences.getOrDefault("problems", List.of()),
                sentences.getOrDefault("warnings", List.of()));
    }

    private String text(String name) {
        return Json.required(name, texts.get(name));
    }

    private long number(String name) {
        return Json.required(name, numbers.get(name));
    }

    private static String bounded(String text) {
        if (text.length() > MAX_TEXT) {
            throw new Json.Bad("a text is longer than " + MAX_TEXT);
        }
        return text;
    }
}
