package io.gatehouse.enrollment.feed;

import io.gatehouse.admission.feed.FeedCodec;
import io.gatehouse.admission.feed.FeedLine;
import io.gatehouse.enrollment.app.FeedHub;
import io.gatehouse.enrollment.app.port.View.ChangeLine;
import io.gatehouse.enrollment.http.Answer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.BooleanSupplier;

/** The endless answer: hello, changes, heartbeats. For one thread. */
final class LiveFeed implements Answer.Source {
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(10);
    private static final int BYTES_AT_ONCE = 256 * 1024;

    private final FeedHub hub;
    private final FeedHub.Stream stream;
    private final InstantSource clock;
    private final BooleanSupplier stillWelcome;

    LiveFeed(FeedHub hub, FeedHub.Stream stream, InstantSource clock, BooleanSupplier stillWelcome) {
        this.hub = hub;
        this.stream = stream;
        this.clock = clock;
        this.stillWelcome = stillWelcome;
    }

    @Override
    public void writeTo(Answer.Sink sink) throws IOException, InterruptedException {
        try (stream) {
            var position = hub.position();
            long sent = position.revision();
            write(
                    FeedCodec.write(new FeedLine.Hello(
                            FeedLine.VERSION, position.epoch(), sent, FeedEndpoint.HEARTBEAT, clock.instant())),
                    sink);
            long lookedAt = System.nanoTime();
            while (stream.isOpen()) {
                var changes = stream.next(FeedEndpoint.HEARTBEAT);
                if (!changes.isEmpty()) {
                    write(changes, sink);
                    sent = changes.get(changes.size() - 1).revision();
                } else if (stream.isOpen()) {
                    write(FeedCodec.write(new FeedLine.Heartbeat(sent, clock.instant())), sink);
                }
                if (System.nanoTime() - lookedAt > BETWEEN_LOOKS.toNanos()) {
                    lookedAt = System.nanoTime();
                    if (!stillWelcome.getAsBoolean()) {
                        return;
                    }
                }
            }
        }
    }

    /** Lines that are there together leave together. */
    private void write(List<ChangeLine> changes, Answer.Sink sink) throws IOException {
        var together = new ByteArrayOutputStream();
        for (var change : changes) {
            together.writeBytes(change.line());
            if (together.size() >= BYTES_AT_ONCE) {
                write(together.toByteArray(), sink);
                together.reset();
            }
        }
        if (together.size() > 0) {
            write(together.toByteArray(), sink);
        }
    }

    private void write(byte[] bytes, Answer.Sink sink) throws IOException {
        stream.delivery().write(() -> sink.write(bytes));
    }

    @Override
    public void dropped() {
        stream.close();
    }
}
