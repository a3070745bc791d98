package io.gatehouse.admission.feed;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** JSON as this package reads and writes it: streaming, with bounds on depth, names, numbers and strings. */
final class Json {
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(16)
                    .maxNameLength(256)
                    .maxNumberLength(32)
                    .maxStringLength(256 * 1024)
                    .build())
            .build();

    /** Something that writes one JSON value. */
    interface Body {
        void write(JsonGenerator json) throws IOException;
    }

    /** Something that reads one JSON document. */
    interface Reader<T> {
        Parsed<T> read(JsonParser json) throws IOException;
    }

    /** A member that is not what it should be; never leaves this package. */
    static final class Bad extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Bad(String problem) {
            super(problem, null, false, false);
        }
    }

    private Json() {}

    static byte[] write(Body body, String end) {
        var bytes = new ByteArrayOutputStream(256);
        try (var json = FACTORY.createGenerator(bytes)) {
            body.write(json);
            json.writeRaw(end);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        return bytes.toByteArray();
    }

    /** Whatever is wrong with the input becomes {@link Parsed.Malformed}, without its text. */
    static <T> Parsed<T> read(byte[] bytes, int offset, int length, Reader<T> reader) {
        try (var json = FACTORY.createParser(bytes, offset, length)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return new Parsed.Malformed<>("not a JSON object");
            }
            Parsed<T> result = reader.read(json);
            return json.nextToken() == null ? result : new Parsed.Malformed<>("more than one JSON value");
        } catch (Bad e) {
            return new Parsed.Malformed<>(String.valueOf(e.getMessage()));
        } catch (IOException | IllegalArgumentException | DateTimeException | ArithmeticException e) {
            return new Parsed.Malformed<>("not readable: " + e.getClass().getSimpleName());
        }
    }

    static String text(JsonParser json) throws IOException {
        require(json.currentToken() == JsonToken.VALUE_STRING, "a text");
        return json.getText();
    }

    static long whole(JsonParser json) throws IOException {
        require(json.currentToken() == JsonToken.VALUE_NUMBER_INT, "a whole number");
        return json.getLongValue();
    }

    static int count(JsonParser json) throws IOException {
        return Math.toIntExact(Math.min(Math.max(whole(json), Integer.MIN_VALUE), Integer.MAX_VALUE));
    }

    static boolean truth(JsonParser json) throws IOException {
        require(json.currentToken().isBoolean(), "true or false");
        return json.getBooleanValue();
    }

    static Instant time(JsonParser json) throws IOException {
        return Instant.parse(text(json));
    }

    /** The list of what the reader makes of each item; the parser stands on the array's start. */
    static <T> List<T> list(JsonParser json, Item<T> item) throws IOException {
        require(json.currentToken() == JsonToken.START_ARRAY, "a list");
        var items = new ArrayList<T>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
            items.add(item.read(json));
        }
        return items;
    }

    /** Reads the value on which the parser stands, to its last token. */
    interface Item<T> {
        T read(JsonParser json) throws IOException;
    }

    /** An object as a plain map, for {@code PolicyDocument} and attributes; the parser stands on the object's start. */
    static Map<String, Object> object(JsonParser json) throws IOException {
        require(json.currentToken() == JsonToken.START_OBJECT, "an object");
        var members = new LinkedHashMap<String, Object>();
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String name = json.currentName();
            json.nextToken();
            Object value = value(json);
            if (value != null) {
                members.put(name, value);
            }
        }
        return members;
    }

    private static @Nullable Object value(JsonParser json) throws IOException {
        return switch (json.currentToken()) {
            case START_OBJECT -> object(json);
            case START_ARRAY -> list(json, item -> required("an item", value(item)));
            case VALUE_STRING -> json.getText();
            case VALUE_NUMBER_INT -> json.getLongValue();
            case VALUE_NUMBER_FLOAT -> json.getDoubleValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            default -> null;
        };
    }

    static <T> T required(String member, @Nullable T value) {
        if (value == null) {
            throw new Bad(member + " is missing");
        }
        return value;
    }

    static <T> T word(String text, Function<String, Optional<T>> ofWord) {
        return ofWord.apply(text).orElseThrow(() -> new Bad("a word that is not known"));
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new Bad("not " + what);
        }
    }
}
