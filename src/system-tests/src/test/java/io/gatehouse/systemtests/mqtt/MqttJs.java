package io.gatehouse.systemtests.mqtt;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gatehouse.testkit.Tools;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** MQTT.js, as Debian packages it, driven by a script of a page. */
final class MqttJs implements Client {
    private static final Path MODULES = Path.of("/usr/share/nodejs");
    private static final ObjectMapper JSON = new ObjectMapper();

    @Override
    public Talk start(Seat seat, Act act) {
        Tools.require("node");
        Tools.requireThat(Files.isDirectory(MODULES.resolve("mqtt")), "not installed: node-mqtt");
        Map<String, Object> asked = new LinkedHashMap<>();
        asked.put(
                "url",
                seat.transport() == Seat.Transport.TCP
                        ? "mqtts://localhost:" + seat.port()
                        : "wss://localhost:" + seat.port() + "/mqtt");
        asked.put("ca", seat.gatehouse().trustFile().toString());
        if (seat.held() != null) {
            var files = seat.held().writeTo(seat.files(), seat.held().sha256());
            asked.put("cert", files.certificates().toString());
            asked.put("key", files.key().toString());
        }
        asked.put("clientId", seat.clientId());
        asked.put("version", seat.version());
        asked.put("filters", act.filters());
        asked.put("qos", act.qos());
        if (act.message() != null) {
            asked.put("message", act.message());
        }
        if (seat.will() != null) {
            asked.put("will", seat.will());
        }
        try {
            ProcessBuilder builder =
                    new ProcessBuilder("node", script(seat.files()).toString(), JSON.writeValueAsString(asked));
            builder.environment().put("NODE_PATH", MODULES.toString());
            return Program.start(builder, MqttJs::read);
        } catch (JsonProcessingException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private static Path script(Path directory) {
        Path file = directory.resolve("mqtt-client.js");
        try (InputStream in = Objects.requireNonNull(MqttJs.class.getResourceAsStream("mqtt-client.js"))) {
            Files.write(file, in.readAllBytes());
            return file;
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /** {@code KIND CODES TEXT}, the codes separated by commas. */
    private static Optional<Event> read(String line) {
        List<String> words = new ArrayList<>(List.of(line.split(" ", 3)));
        if (words.size() < 3
                || Stream.of(Event.Kind.values()).noneMatch(kind -> words.get(0).equals(kind.name()))) {
            return Optional.empty();
        }
        List<Integer> codes = words.get(1).equals("-")
                ? List.of()
                : Stream.of(words.get(1).split(",", -1)).map(Integer::valueOf).toList();
        return Optional.of(new Event(Event.Kind.valueOf(words.get(0)), codes, words.get(2)));
    }
}
