package io.gatehouse.broker.wiring;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code HIVEMQ_HOME/data/gatehouse/status.json}: how the extension stands, replaced in one step whenever that changes. */
final class StatusFile {
    private static final Logger LOG = LoggerFactory.getLogger(StatusFile.class);
    private static final JsonFactory JSON = new JsonFactory();

    /** What is written. {@code reason} is a refusal's word, {@code why} a sentence for the operator. */
    record Status(
            boolean ready,
            Optional<String> reason,
            Optional<String> why,
            String broker,
            String epoch,
            long revision,
            boolean connected,
            Optional<String> problem,
            String provider,
            String version,
            List<String> problems,
            List<String> warnings) {}

    private final Path file;
    private @Nullable Status last;

    StatusFile(Path file) {
        this.file = file;
    }

    /** Writes it, if it is not what the file says already. A file that cannot be written is a line in the log and no more. */
    synchronized void write(Status status) {
        if (status.equals(last)) {
            return;
        }
        try {
            Files.createDirectories(file.getParent());
            var fresh = file.resolveSibling("status.json.new");
            Files.writeString(fresh, json(status));
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            last = status;
        } catch (IOException e) {
            LOG.error("{} cannot be written: {}", file, e.toString());
        }
    }

    private static String json(Status status) {
        var text = new StringWriter();
        try (var json = JSON.createGenerator(text)) {
            json.writeStartObject();
            json.writeBooleanField("ready", status.ready());
            json.writeStringField("reason", status.reason().orElse(null));
            json.writeStringField("why", status.why().orElse(null));
            json.writeStringField("broker", status.broker());
            json.writeStringField("epoch", status.epoch());
            json.writeNumberField("revision", status.revision());
            json.writeBooleanField("connected", status.connected());
            json.writeStringField("problem", status.problem().orElse(null));
            json.writeStringField("provider", status.provider());
            json.writeStringField("version", status.version());
            sentences(json, "problems", status.problems());
            sentences(json, "warnings", status.warnings());
            json.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return text + "\n";
    }

    private static void sentences(JsonGenerator json, String name, List<String> sentences) throws IOException {
        json.writeArrayFieldStart(name);
        for (var sentence : sentences) {
            json.writeString(sentence);
        }
        json.writeEndArray();
    }
}
