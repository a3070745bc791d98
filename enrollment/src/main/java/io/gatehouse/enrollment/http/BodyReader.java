package io.gatehouse.enrollment.http;

import java.io.ByteArrayOutputStream;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Reads a body without holding a thread while the peer is slow, keeps no more than its bound, and ends in one of four ways,
 * exactly once. What is too large is read on for a while and thrown away, because an answer that is sent against a stream of
 * bytes is lost to most clients.
 */
final class BodyReader implements Runnable {
    private static final int MOST_THROWN_AWAY = 1024 * 1024;

    enum End {
        WHOLE,
        TOO_LARGE,
        TOO_SLOW,
        BROKEN
    }

    private final Request request;
    private final int most;
    private final Consumer<BodyReader> then;
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream(512);
    private final AtomicBoolean ended = new AtomicBoolean();
    private final Scheduler.Task deadline;
    private long seen;
    private End end = End.BROKEN;

    private BodyReader(Request request, int most, Patience patience, Consumer<BodyReader> then) {
        this.request = request;
        this.most = most;
        this.then = then;
        this.deadline = patience.afterPatience(() -> finish(End.TOO_SLOW));
    }

    /** Calls {@code then} once, on this thread or another. */
    static void read(Request request, int most, Patience patience, Consumer<BodyReader> then) {
        long announced = request.getLength();
        var reader = new BodyReader(request, most, patience, then);
        boolean waitsForConsent = request.getHeaders().contains("Expect");
        if (announced > MOST_THROWN_AWAY || (announced > most && waitsForConsent)) {
            reader.finish(End.TOO_LARGE);
        } else {
            reader.run();
        }
    }

    End end() {
        return end;
    }

    byte[] bytes() {
        return kept.toByteArray();
    }

    @Override
    public void run() {
        while (!ended.get()) {
            var chunk = request.read();
            if (chunk == null) {
                request.demand(this);
                return;
            }
            if (Content.Chunk.isFailure(chunk)) {
                finish(End.BROKEN);
                return;
            }
            boolean last = chunk.isLast();
            keep(chunk);
            chunk.release();
            if (last || seen > MOST_THROWN_AWAY) {
                finish(seen > most ? End.TOO_LARGE : End.WHOLE);
                return;
            }
        }
    }

    private void keep(Content.Chunk chunk) {
        var buffer = chunk.getByteBuffer();
        seen += buffer.remaining();
        if (seen <= most) {
            var bytes = new byte[buffer.remaining()];
            buffer.get(bytes);
            kept.writeBytes(bytes);
        } else {
            kept.reset();
        }
    }

    private void finish(End how) {
        if (ended.compareAndSet(false, true)) {
            deadline.cancel();
            end = how;
            then.accept(this);
        }
    }
}
