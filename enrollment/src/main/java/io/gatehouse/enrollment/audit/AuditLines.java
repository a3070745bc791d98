package io.gatehouse.enrollment.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.gatehouse.enrollment.app.domain.AuditCheckpoint;
import io.gatehouse.enrollment.app.domain.AuditEntry;
import io.gatehouse.identity.Fingerprint;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The lines of an export: one JSON object each, with exactly these members in exactly this form, so that every changed byte shows. The
 * first is the head, the last the end; between them entries, each checkpoint behind the entry that it is about. Stateless.
 */
final class AuditLines {
    static final String KIND = "gatehouse-audit";
    static final int VERSION = 1;

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private AuditLines() {}

    /** What a file begins with: {@code keys} are SubjectPublicKeyInfos. */
    record Head(Fingerprint genesis, Instant time, List<String> keys) {}

    /** What a file ends with: {@code sha256} is over all bytes before this line. */
    record End(long entries, Fingerprint head, Fingerprint sha256, Fingerprint key, String signature) {
        /** What is signed. */
        byte[] statement() {
            return ("gatehouse audit export 1\nentries " + entries + "\nhead " + head + "\nsha256 " + sha256 + "\n")
                    .getBytes(StandardCharsets.UTF_8);
        }
    }

    static byte[] write(Head head) {
        var members = new LinkedHashMap<String, Object>();
        members.put("kind", KIND);
        members.put("version", VERSION);
        members.put("genesis", head.genesis().hex());
        members.put("time", head.time().toString());
        members.put("keys", head.keys());
        return line(members);
    }

    static byte[] write(AuditEntry entry) {
        var members = new LinkedHashMap<String, Object>();
        members.put("seq", entry.seq());
        members.put("time", entry.time().toString());
        members.put("actor", entry.actor());
        members.put("action", entry.action());
        members.put("subject", entry.subject());
        members.put("detail", entry.detail());
        members.put("previous", entry.previous().hex());
        members.put("hash", entry.hash().hex());
        return line(members);
    }

    static byte[] write(AuditCheckpoint checkpoint, Fingerprint genesis) {
        var members = new LinkedHashMap<String, Object>();
        members.put("checkpoint", checkpoint.seq());
        members.put("epoch", checkpoint.epoch());
        members.put("time", checkpoint.time().toString());
        members.put("head", checkpoint.head().hex());
        members.put("genesis", genesis.hex());
        members.put("key", checkpoint.key().hex());
        members.put("signature", Base64.getEncoder().encodeToString(checkpoint.signature()));
        return line(members);
    }

    static byte[] write(End end) {
        var members = new LinkedHashMap<String, Object>();
        members.put("end", true);
        members.put("entries", end.entries());
        members.put("head", end.head().hex());
        members.put("sha256", end.sha256().hex());
        members.put("key", end.key().hex());
        members.put("signature", end.signature());
        return line(members);
    }

    /** The object in a line. Throws IllegalArgumentException when there is none. */
    static JsonNode parse(byte[] line) {
        try {
            var node = JSON.readTree(line);
            if (node == null || !node.isObject()) {
                throw new IllegalArgumentException("not a JSON object");
            }
            return node;
        } catch (java.io.IOException e) {
            throw new IllegalArgumentException("not a JSON object", e);
        }
    }

    static Head head(JsonNode line) {
        if (!text(line, "kind").equals(KIND) || number(line, "version") != VERSION) {
            throw new IllegalArgumentException("not an audit export of version " + VERSION);
        }
        var keys = new java.util.ArrayList<String>();
        line.path("keys").forEach(key -> keys.add(key.asText()));
        return new Head(Fingerprint.of(text(line, "genesis")), time(line), keys);
    }

    static AuditEntry entry(JsonNode line) {
        return new AuditEntry(
                number(line, "seq"),
                time(line),
                text(line, "actor"),
                text(line, "action"),
                text(line, "subject"),
                text(line, "detail"),
                Fingerprint.of(text(line, "previous")),
                Fingerprint.of(text(line, "hash")));
    }

    static AuditCheckpoint checkpoint(JsonNode line) {
        return new AuditCheckpoint(
                number(line, "checkpoint"),
                text(line, "epoch"),
                time(line),
                Fingerprint.of(text(line, "head")),
                Fingerprint.of(text(line, "key")),
                base64(text(line, "signature")));
    }

    /**
     * Only the one text that RFC 4648, section 3.5, calls canonical: the bits that no byte uses could otherwise be changed unseen. Throws
     * IllegalArgumentException for any other.
     */
    static byte[] base64(String text) {
        byte[] bytes = Base64.getDecoder().decode(text);
        if (!Base64.getEncoder().encodeToString(bytes).equals(text)) {
            throw new IllegalArgumentException("not the canonical Base64 of its bytes");
        }
        return bytes;
    }

    static Fingerprint genesis(JsonNode checkpoint) {
        return Fingerprint.of(text(checkpoint, "genesis"));
    }

    /** The epoch that a restore has ended; empty when the entry names none. */
    static String epoch(AuditEntry restored) {
        try {
            return JSON.readTree(restored.detail()).path("epoch").asText("");
        } catch (JsonProcessingException e) {
            return "";
        }
    }

    static End end(JsonNode line) {
        return new End(
                number(line, "entries"),
                Fingerprint.of(text(line, "head")),
                Fingerprint.of(text(line, "sha256")),
                Fingerprint.of(text(line, "key")),
                text(line, "signature"));
    }

    private static String text(JsonNode line, String name) {
        var value = line.path(name);
        if (!value.isTextual()) {
            throw new IllegalArgumentException("no member " + name);
        }
        return value.asText();
    }

    private static long number(JsonNode line, String name) {
        var value = line.path(name);
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw new IllegalArgumentException("no member " + name);
        }
        return value.asLong();
    }

    private static Instant time(JsonNode line) {
        try {
            return Instant.parse(text(line, "time"));
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("no member time", e);
        }
    }

    private static byte[] line(Map<String, Object> members) {
        try {
            byte[] json = JSON.writeValueAsBytes(members);
            byte[] line = java.util.Arrays.copyOf(json, json.length + 1);
            line[json.length] = '\n';
            return line;
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("this cannot be written as JSON", e);
        }
    }
}
