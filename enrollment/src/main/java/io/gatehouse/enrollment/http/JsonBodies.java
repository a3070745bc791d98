package io.gatehouse.enrollment.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.type.LogicalType;
import io.gatehouse.identity.RefusalReason;
import java.io.IOException;
import java.util.Locale;
import java.util.Set;

/**
 * JSON in and out, strictly (RFC 8259): a member that is not known, one that comes twice, a number in quotes, or anything after
 * the document is refused with the member's name. Thread-safe.
 */
public final class JsonBodies {
    public static final String JSON = "application/json";
    public static final String MERGE_PATCH = "application/merge-patch+json";

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(32)
                            .maxStringLength(70_000)
                            .maxNameLength(1_000)
                            .maxNumberLength(30)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .withCoercionConfig(LogicalType.Textual, text -> {
                text.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail);
                text.setCoercion(CoercionInputShape.Float, CoercionAction.Fail);
                text.setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail);
            })
            .build();

    private JsonBodies() {}

    /** An answer with this value as JSON: records, maps, lists, strings, numbers, nulls. */
    public static Answer.Whole answer(int status, Object value) {
        return answer(status, JSON, value);
    }

    /** The same with another JSON content type. */
    public static Answer.Whole answer(int status, String contentType, Object value) {
        try {
            return Answer.of(status, contentType, MAPPER.writeValueAsBytes(value));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an answer cannot be written", e);
        }
    }

    /** The JSON text as a tree, for texts that the service itself has stored. */
    public static JsonNode stored(String json) {
        try {
            return MAPPER.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a stored JSON text cannot be read", e);
        }
    }

    /** The body as an object; an empty body is an empty object. Throws {@link Unreadable} for anything else. */
    public static ObjectNode object(Request request, String... contentTypes) {
        if (request.body().length == 0) {
            return MAPPER.createObjectNode();
        }
        requireType(request, Set.of(contentTypes));
        try {
            if (MAPPER.readTree(request.body()) instanceof ObjectNode object) {
                return object;
            }
            throw new Unreadable(RefusalReason.BAD_REQUEST, "the body must be a JSON object");
        } catch (JsonProcessingException e) {
            throw unreadable(e);
        } catch (IOException e) {
            throw new Unreadable(RefusalReason.BAD_REQUEST, "the body cannot be read");
        }
    }

    /** The body as a record; an empty body is an empty object. Throws {@link Unreadable} with the member that does not fit. */
    public static <T> T read(Request request, Class<T> type, String... contentTypes) {
        return as(object(request, contentTypes.length == 0 ? new String[] {JSON} : contentTypes), type);
    }

    /** An object of a body as a record. Throws {@link Unreadable} with the member that does not fit. */
    public static <T> T as(ObjectNode object, Class<T> type) {
        try {
            return MAPPER.treeToValue(object, type);
        } catch (JsonProcessingException e) {
            throw unreadable(e);
        }
    }

    /** A value of our own as a tree. */
    public static JsonNode tree(Object value) {
        return MAPPER.valueToTree(value);
    }

    /** Any JSON value as plain maps, lists, strings and numbers. */
    public static Object plain(JsonNode node) {
        return MAPPER.convertValue(node, Object.class);
    }

    private static void requireType(Request request, Set<String> allowed) {
        var given = request.header("Content-Type").orElse("");
        int semicolon = given.indexOf(';');
        var bare =
                (semicolon < 0 ? given : given.substring(0, semicolon)).strip().toLowerCase(Locale.ROOT);
        if (!allowed.contains(bare)) {
            throw new Unreadable(
                    RefusalReason.WRONG_CONTENT_TYPE,
                    "taken here: " + String.join(", ", allowed.stream().sorted().toList()));
        }
    }

    /** Says where, and never repeats what was sent. */
    private static Unreadable unreadable(JsonProcessingException e) {
        if (e instanceof JsonMappingException mapping && !mapping.getPath().isEmpty()) {
            return new Unreadable(RefusalReason.BAD_REQUEST, path(mapping) + ": not known here, or not of this kind");
        }
        return new Unreadable(RefusalReason.BAD_REQUEST, "the body is not the JSON that is taken here");
    }

    private static String path(JsonMappingException e) {
        var path = new StringBuilder();
        for (var step : e.getPath()) {
            var name = step.getFieldName();
            if (name == null) {
                path.append('[').append(step.getIndex()).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".").append(printable(name));
            }
        }
        return path.toString();
    }

    private static String printable(String name) {
        var kept = name.replaceAll("[^A-Za-z0-9_.-]", "?");
        return kept.length() > 64 ? kept.substring(0, 64) : kept;
    }
}
