package io.gatehouse.gateway.cli;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.gatehouse.enrollment.config.Home;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What the broker of this home says of itself in its status file, for the case that the service cannot hear it: a configuration with
 * which it does not even begin to speak.
 */
final class OwnBroker {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int LARGEST = 64 * 1024;

    private final Path file;

    OwnBroker(Home home) {
        this.file = home.brokerData().resolve("status.json");
    }

    /** Prints why it admits nobody, if it does not and the service does not hear it. */
    void complain(JsonNode status, PrintStream out) {
        var own = read();
        if (own.path("ready").asBoolean(true) || isHeard(own.path("broker").asText(), status)) {
            return;
        }
        out.println("the broker of this home, as it wrote in " + file + ": "
                + printable(own.path("why").asText("not ready")));
    }

    /** Its name is not known before its configuration can be read. */
    private static boolean isHeard(String own, JsonNode status) {
        for (var broker : status.path("brokers")) {
            if (broker.path("name").asText().equals(own)
                    && broker.path("connected").asBoolean()) {
                return true;
            }
        }
        return false;
    }

    private JsonNode read() {
        try {
            if (Files.isRegularFile(file) && Files.size(file) <= LARGEST) {
                return JSON.readTree(Files.readString(file));
            }
        } catch (JacksonException e) {
            // It says nothing.
        } catch (IOException e) {
            // Another user's.
        }
        return JSON.createObjectNode();
    }

    private static String printable(String text) {
        return text.replaceAll("\\p{Cntrl}", "?");
    }
}
