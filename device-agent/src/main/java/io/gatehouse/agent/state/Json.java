package io.gatehouse.agent.state;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Flat JSON objects, such as the service's answer about a device and the agent's own notes. Stateless. */
public final class Json {
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(16)
                    .maxStringLength(16 * 1024)
                    .maxNumberLength(64)
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private Json() {}

    /** The object's texts, numbers and truth values by name; nulls and nested values are left out. Nothing when it is no JSON object. */
    public static Optional<Map<String, String>> read(byte[] bytes) {
        try (var parser = FACTORY.createParser(bytes)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return Optional.empty();
            }
            var members = new LinkedHashMap<String, String>();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                member(parser, members);
            }
            return parser.nextToken() == null ? Optional.of(members) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static void member(JsonParser parser, Map<String, String> members) throws IOException {
        var name = parser.currentName();
        var token = parser.nextToken();
        if (token.isStructStart()) {
            parser.skipChildren();
        } else if (token != JsonToken.VALUE_NULL) {
            members.put(name, parser.getText());
        }
    }

    /** The members as one JSON object of texts and truth values. */
    public static byte[] write(Map<String, ?> members) {
        var text = new StringWriter();
        try (var generator = FACTORY.createGenerator(text)) {
            generator.useDefaultPrettyPrinter();
            generator.writeStartObject();
            for (var member : members.entrySet()) {
                if (member.getValue() instanceof Boolean truth) {
                    generator.writeBooleanField(member.getKey(), truth);
                } else {
                    generator.writeStringField(
                            member.getKey(), member.getValue().toString());
                }
            }
            generator.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return (text + "\n").getBytes(StandardCharsets.UTF_8);
    }
}
