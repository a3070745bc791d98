package io.gatehouse.systemtests.killed;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;

/**
 * Reads the feed as a broker does, through all deaths of the service: after each it goes on where it stood. A hole, a step back, or a
 * snapshot where changes were asked for is a complaint.
 */
final class FeedFollower implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    final List<String> complaints = new CopyOnWriteArrayList<>();
    private final int port;
    private final SSLContext broker;
    private final Map<String, String> directory = new TreeMap<>();
    private final Thread thread = new Thread(this::run, "feed-follower");
    private volatile boolean closed;
    private volatile long revision = -1;
    private volatile long changes;
    private String epoch = "";

    FeedFollower(int port, SSLContext broker) {
        this.port = port;
        this.broker = broker;
        thread.setDaemon(true);
    }

    FeedFollower start() {
        thread.start();
        return this;
    }

    long revision() {
        return revision;
    }

    long changes() {
        return changes;
    }

    /** What was learnt from the changes alone, by device and by certificate. */
    synchronized Map<String, String> directory() {
        return new TreeMap<>(directory);
    }

    /** The whole directory, as a broker without one would get it now, and its revision under {@code revision}. */
    static Map<String, String> snapshot(int port, SSLContext broker) throws IOException {
        var entries = new TreeMap<String, String>();
        try (var socket = Wire.connect(port, broker)) {
            socket.getOutputStream().write(request("").getBytes(StandardCharsets.US_ASCII));
            var in = new Chunks(new BufferedInputStream(socket.getInputStream(), 1 << 16));
            JsonNode line = JSON.readTree(in.line());
            entries.put("epoch", line.path("epoch").asText());
            entries.put("revision", line.path("revision").asText());
            for (line = JSON.readTree(in.line());
                    !line.path("kind").asText().equals("snapshot-end");
                    line = JSON.readTree(in.line())) {
                put(entries, line);
            }
        }
        return entries;
    }

    private void run() {
        while (!closed) {
            try {
                if (revision < 0) {
                    var first = snapshot(port, broker);
                    epoch = first.remove("epoch");
                    long at = Long.parseLong(first.remove("revision"));
                    synchronized (this) {
                        directory.putAll(first);
                    }
                    revision = at;
                }
                follow();
            } catch (IOException died) {
                Thread.onSpinWait();
            } catch (RuntimeException e) {
                complaints.add("the feed could not be read: " + e);
            }
        }
    }

    private void follow() throws IOException {
        try (var socket = Wire.connect(port, broker)) {
            socket.getOutputStream()
                    .write(request("&epoch=" + epoch + "&after=" + revision).getBytes(StandardCharsets.US_ASCII));
            var in = new Chunks(new BufferedInputStream(socket.getInputStream(), 1 << 16));
            var hello = JSON.readTree(in.line());
            if (!hello.path("kind").asText().equals("hello")
                    || hello.path("revision").asLong() < revision) {
                complaints.add("after revision " + revision + " came " + hello);
                closed = true;
            }
            while (!closed) {
                var line = JSON.readTree(in.line());
                if (line.path("kind").asText().equals("change")) {
                    apply(line);
                }
            }
        }
    }

    private synchronized void apply(JsonNode change) {
        long next = change.path("revision").asLong();
        if (next != revision + 1) {
            complaints.add("a hole: after revision " + revision + " came " + next);
        }
        change.path("entries").forEach(entry -> put(directory, entry));
        revision = next;
        changes++;
    }

    private static void put(Map<String, String> entries, JsonNode entry) {
        switch (entry.path("kind").asText()) {
            case "device" -> entries.put("device " + entry.path("id").asText(), entry.toString());
            case "certificate" ->
                entries.put("certificate " + entry.path("sha256").asText(), entry.toString());
            default ->
                entries.put(
                        entry.path("kind").asText() + " " + entry.path("name").asText(), entry.toString());
        }
    }

    private static String request(String position) {
        return "GET /admission/v1/feed?version=1" + position + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }

    /** The lines of a chunked body (RFC 9112, section 7.1). */
    private static final class Chunks {
        private final InputStream in;
        private final List<String> lines = new ArrayList<>();
        private InputStream chunk = new ByteArrayInputStream(new byte[0]);

        Chunks(InputStream in) throws IOException {
            this.in = in;
            var status = Wire.line(in);
            if (!status.contains(" 200 ")) {
                throw new IOException(status);
            }
            while (!Wire.line(in).isEmpty()) {
                lines.clear();
            }
        }

        String line() throws IOException {
            var line = new java.io.ByteArrayOutputStream();
            for (int b = next(); b != '\n'; b = next()) {
                line.write(b);
            }
            return line.toString(StandardCharsets.UTF_8);
        }

        private int next() throws IOException {
            int b = chunk.read();
            while (b < 0) {
                int size = Integer.parseInt(Wire.line(in).split(";")[0].strip(), 16);
                if (size == 0) {
                    throw new IOException("the feed ended");
                }
                byte[] bytes = in.readNBytes(size);
                if (bytes.length < size) {
                    throw new IOException("the feed broke off");
                }
                Wire.line(in);
                chunk = new ByteArrayInputStream(bytes);
                b = chunk.read();
            }
            return b;
        }
    }
}
