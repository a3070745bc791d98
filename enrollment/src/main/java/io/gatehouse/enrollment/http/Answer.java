package io.gatehouse.enrollment.http;

import io.gatehouse.identity.RefusalReason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a peer gets: a whole answer with {@code Content-Length}, or a stream. Immutable. */
public sealed interface Answer {
    int status();

    List<Header> headers();

    /** The reason, when this answer refuses: for the log and the metrics. */
    Optional<RefusalReason> refusal();

    /** Answered in one write, head and body together; never chunked. */
    @SuppressWarnings("ArrayRecordComponent") // handed on once, never compared
    record Whole(int status, List<Header> headers, byte[] body, Optional<RefusalReason> refusal) implements Answer {
        public Whole {
            headers = List.copyOf(headers);
        }

        public Whole with(String name, String value) {
            var more = new ArrayList<>(headers);
            more.add(new Header(name, value));
            return new Whole(status, more, body, refusal);
        }

        public Whole because(RefusalReason reason) {
            return new Whole(status, headers, body, Optional.of(reason));
        }
    }

    /** Answered chunk by chunk on a thread of its own, until the source returns or the peer is gone. */
    record Streamed(int status, List<Header> headers, Source source) implements Answer {
        public Streamed {
            headers = List.copyOf(headers);
        }

        @Override
        public Optional<RefusalReason> refusal() {
            return Optional.empty();
        }
    }

    /** Writes a stream. */
    @FunctionalInterface
    interface Source {
        /** Called instead of {@link #writeTo} when as many streams are open as may be. */
        default void dropped() {}

        /** Interrupted when the server stops; an IOException says that the peer is gone or too slow. */
        void writeTo(Sink sink) throws IOException, InterruptedException;
    }

    /** Where a stream goes. For one thread. */
    interface Sink {
        /** Returns when the bytes have left for the network; throws when the peer takes nothing for too long. */
        void write(byte[] bytes, int offset, int length) throws IOException;

        default void write(byte[] bytes) throws IOException {
            write(bytes, 0, bytes.length);
        }
    }

    /** No body at all; {@code Content-Length: 0} except for 204. */
    static Whole empty(int status) {
        return new Whole(status, List.of(), new byte[0], Optional.empty());
    }

    static Whole of(int status, String contentType, byte[] body) {
        return new Whole(status, List.of(new Header("Content-Type", contentType)), body, Optional.empty());
    }

    static Whole text(int status, String line) {
        return of(status, "text/plain; charset=utf-8", (line + "\n").getBytes(StandardCharsets.UTF_8));
    }
}
