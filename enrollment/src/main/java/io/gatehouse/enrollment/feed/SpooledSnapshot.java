package io.gatehouse.enrollment.feed;

import io.gatehouse.enrollment.app.Delivery;
import io.gatehouse.enrollment.app.FeedHub;
import io.gatehouse.enrollment.http.Answer;
import io.gatehouse.identity.BrokerName;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;

/**
 * A snapshot of the directory. It goes to a file first, so that a slow broker holds neither the registry's state nor memory. It ends at
 * once, cut, when the broker is removed. For one thread.
 */
final class SpooledSnapshot implements Answer.Source {
    private static final int BYTES_AT_ONCE = 64 * 1024;

    private final FeedHub hub;
    private final BrokerName broker;
    private final Delivery delivery;
    private final Path directory;
    private final boolean gzip;

    SpooledSnapshot(FeedHub hub, BrokerName broker, Delivery delivery, Path directory, boolean gzip) {
        this.hub = hub;
        this.broker = broker;
        this.delivery = delivery;
        this.directory = directory;
        this.gzip = gzip;
    }

    /** Removes what a service that was killed has left behind. */
    static void clean(Path directory) {
        try (var leftBehind = Files.newDirectoryStream(directory, "snapshot-*.spool")) {
            for (var file : leftBehind) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void writeTo(Answer.Sink sink) throws IOException {
        try (delivery) {
            var file = Files.createTempFile(directory, "snapshot-", ".spool");
            try {
                // The head leaves now, so that the broker knows that somebody is there.
                delivery.write(() -> sink.write(new byte[0]));
                spool(file);
                send(file, sink);
            } finally {
                Files.deleteIfExists(file);
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private void send(Path file, Answer.Sink sink) throws IOException {
        try (var in = Files.newInputStream(file)) {
            var buffer = new byte[BYTES_AT_ONCE];
            for (int length = in.read(buffer); length > 0; length = in.read(buffer)) {
                int read = length;
                delivery.write(() -> sink.write(buffer, 0, read));
            }
        }
    }

    @Override
    public void dropped() {
        delivery.close();
    }

    private void spool(Path file) throws IOException {
        OutputStream raw = new BufferedOutputStream(Files.newOutputStream(file), BYTES_AT_ONCE);
        try (var out = gzip ? new GZIPOutputStream(raw, BYTES_AT_ONCE) : raw) {
            hub.snapshot(broker, line -> {
                try {
                    delivery.requireOpen();
                    out.write(line);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }
}
