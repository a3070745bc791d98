package io.gatehouse.gateway.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintStream;
import java.util.Map;
import java.util.function.Consumer;

/** What a verb without a service has found out: as JSON, or for people. */
final class Printed {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Printed() {}

    static void show(PrintStream out, boolean json, Map<String, ?> members, Consumer<PrintStream> text) {
        if (!json) {
            text.accept(out);
            return;
        }
        try {
            out.println(JSON.writeValueAsString(members));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot be written as JSON", e);
        }
    }
}
