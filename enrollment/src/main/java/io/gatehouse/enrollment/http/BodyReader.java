package io.gatehouse.enrollment.http;

import java.io.ByteArrayOutputStream;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * Reads a body without holding a thread while the peer is slow, keeps no more than its bound, and ends in one of five ways,
 * exactly once: what is too large as soon as that is known, from its announced length or from what came.
 */
final class BodyReader implements Runnable {
    enum End {
        WHOLE,
        TOO_LARGE,
        TOO_SLOW,
        NO_ROOM,
        BROKEN
    }

    private final Request request;
    private final int most;
    private final Patience patience;
    private final BodyRoom room;
    private final Consumer<BodyReader> then;
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream(512);
    private final RestOfBody rest;
    private final AtomicBoolean ended = new AtomicBoolean();
    private volatile Scheduler.@Nullable Task deadline;
    private volatile boolean begun;
    private volatile boolean demanding;
    private long seen;
    private long taken;
    private boolean gaveBack;
    private boolean noRoom;
    private End end = End.BROKEN;

    private BodyReader(Request request, int most, Patience patience, BodyRoom room, Consumer<BodyReader> then) {
        this.request = request;
        this.most = most;
        this.patience = patience;
        this.room = room;
        this.then = then;
        this.rest = new RestOfBody(request, patience);
    }

    /** Calls {@code then} once, on this thread or another. */
    static void read(Request request, int most, Patience patience, BodyRoom room, Consumer<BodyReader> then) {
        var reader = new BodyReader(request, most, patience, room, then);
        if (request.getLength() > most) {
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

    /**
     * A callback for the write of an answer that is given before the end of the body. A peer that asked whether to send its body, and
     * was not told to go on, has its answer in this one and sends none (RFC 9110 section 10.1.1).
     */
    Callback readAwayBefore(Callback callback) {
        boolean sendsNone = !begun && request.getHeaders().contains("Expect");
        return sendsNone ? callback : rest.before(callback, demanding);
    }

    @Override
    public void run() {
        demanding = false;
        begun = true;
        if (ended.get()) {
            rest.run();
        }
        while (!ended.get()) {
            var chunk = request.read();
            if (chunk == null) {
                if (deadline == null) {
                    deadline = patience.afterPatience(() -> finish(End.TOO_SLOW));
                }
                demanding = true;
                request.demand(this);
                return;
            }
            if (Content.Chunk.isFailure(chunk)) {
                // Jetty's own idle timeout may come first; the peer was too slow all the same.
                finish(chunk.getFailure() instanceof TimeoutException ? End.TOO_SLOW : End.BROKEN);
                return;
            }
            boolean last = chunk.isLast();
            keep(chunk);
            chunk.release();
            if (last || seen > most) {
                finish(seen > most ? End.TOO_LARGE : noRoom ? End.NO_ROOM : End.WHOLE);
                return;
            }
        }
    }

    private void keep(Content.Chunk chunk) {
        var buffer = chunk.getByteBuffer();
        int length = buffer.remaining();
        seen += length;
        if (seen > most || noRoom) {
            kept.reset();
        } else if (length > 0 && takeRoom(length)) {
            var bytes = new byte[length];
            buffer.get(bytes);
            kept.writeBytes(bytes);
        } else if (length > 0) {
            noRoom = true;
        }
    }

    private void finish(End how) {
        if (ended.compareAndSet(false, true)) {
            var pending = deadline;
            if (pending != null) {
                pending.cancel();
            }
            end = how;
            try {
                then.accept(this);
            } finally {
                giveRoomBack();
            }
        }
    }

    /** The time may run out on another thread while a piece is being kept. */
    private synchronized boolean takeRoom(int length) {
        if (gaveBack || !room.take(length)) {
            return false;
        }
        taken += length;
        return true;
    }

    private synchronized void giveRoomBack() {
        gaveBack = true;
        room.giveBack(taken);
    }
}
