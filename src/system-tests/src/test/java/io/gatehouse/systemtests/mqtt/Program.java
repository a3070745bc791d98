package io.gatehouse.systemtests.mqtt;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** A client that is a process: its lines become events, its end is that of the connection. */
final class Program {
    private Program() {}

    static Talk start(List<String> command, Function<String, Optional<Event>> reading) {
        return start(new ProcessBuilder(command), reading);
    }

    static Talk start(ProcessBuilder builder, Function<String, Optional<Event>> reading) {
        try {
            Process process = builder.redirectErrorStream(true).start();
            Talk talk = new Talk();
            talk.onClose(() -> kill(process));
            Thread reader = new Thread(() -> read(process, talk, reading), "mqtt-program");
            reader.setDaemon(true);
            reader.start();
            return talk;
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private static void read(Process process, Talk talk, Function<String, Optional<Event>> reading) {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                reading.apply(line).ifPresent(talk::hear);
            }
        } catch (IOException killed) {
            // Closed as well.
        }
        talk.hear(Event.CLOSED);
    }

    /** Asks it to leave politely, so that no will is published. */
    private static void kill(Process process) {
        process.destroy();
        try {
            if (!process.waitFor(5, java.util.concurrent.TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
