package io.gatehouse.admission.client;

import io.gatehouse.admission.feed.Entry;
import io.gatehouse.admission.feed.FeedCodec;
import io.gatehouse.admission.replica.Position;
import io.gatehouse.admission.replica.Replica;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/**
 * Tells a restored service all that this broker's replica knows of the epoch that the service was restored from, in parts: whoever dies
 * in between, the next attempt begins anew and says so. For one thread.
 */
final class Testimony {
    /** Half of what the service takes at a time. */
    private static final int PART = 256 * 1024;

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Connection connection;
    private final String target;
    private final ByteArrayOutputStream part = new ByteArrayOutputStream(PART + 4096);
    private long entries;
    private boolean begun;
    private boolean wanted = true;

    private Testimony(Connection connection, Position position) {
        this.connection = connection;
        this.target = "/admission/v1/witness?epoch=" + URLEncoder.encode(position.epoch(), StandardCharsets.UTF_8)
                + "&revision=" + position.revision();
    }

    /** Returns when the service has all of it, or wants no more. */
    static void give(Connection connection, Replica replica, Position position) throws IOException {
        connection.patience(PATIENCE);
        var testimony = new Testimony(connection, position);
        replica.forEachPage(testimony::add);
        testimony.send("&total=" + testimony.entries);
    }

    private void add(List<Entry> page) throws IOException {
        for (var entry : page) {
            part.writeBytes(FeedCodec.write(entry));
            entries++;
            if (part.size() >= PART) {
                send("");
            }
        }
    }

    private void send(String last) throws IOException {
        if (!wanted) {
            return;
        }
        var answer =
                connection.post(target + (begun ? "" : "&begin=1") + last, "application/x-ndjson", part.toByteArray());
        begun = true;
        part.reset();
        boolean reusable = answer.finish();
        wanted = answer.status() != 409;
        if (wanted && (answer.status() / 100 != 2 || (!reusable && last.isEmpty()))) {
            throw new ProtocolException(answer.problem());
        }
    }
}
