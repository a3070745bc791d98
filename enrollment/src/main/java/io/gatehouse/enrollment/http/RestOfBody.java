package io.gatehouse.enrollment.http;

import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Reads away what a peer still sends after it was answered: a connection that is closed with bytes unread is reset, and a reset
 * takes the answer away from a peer that has not read it yet (RFC 9112 section 9.6). Bounded in bytes and in time; nothing is kept.
 */
final class RestOfBody implements Runnable {
    private static final int MOST_BYTES = 32 * 1024 * 1024;

    private final Request request;
    private final Patience patience;
    private final AtomicReference<@Nullable Runnable> after = new AtomicReference<>();
    private volatile boolean ended;
    private long seen;

    RestOfBody(Request request, Patience patience) {
        this.request = request;
        this.patience = patience;
    }

    /**
     * A callback for the write of the answer: ends {@code callback} once the rest was read, was too long, or took too long.
     *
     * @param demanded a demand for more of the body stands already, and what it calls will call {@link #run}
     */
    Callback before(Callback callback, boolean demanded) {
        return new Callback.Nested(callback) {
            @Override
            public void succeeded() {
                var deadline = patience.afterPatience(() -> end());
                after.set(() -> {
                    deadline.cancel();
                    callback.succeeded();
                });
                if (ended) {
                    end();
                } else if (!demanded) {
                    RestOfBody.this.run();
                }
            }
        };
    }

    /** Reads on from where nobody else is reading. */
    @Override
    public void run() {
        while (!ended) {
            Content.@Nullable Chunk chunk = request.read();
            if (chunk == null) {
                request.demand(this);
                return;
            }
            boolean last = chunk.isLast() || Content.Chunk.isFailure(chunk);
            seen += chunk.remaining();
            chunk.release();
            if (last || seen > MOST_BYTES) {
                end();
            }
        }
    }

    private void end() {
        ended = true;
        var then = after.getAndSet(null);
        if (then != null) {
            then.run();
        }
    }
}
