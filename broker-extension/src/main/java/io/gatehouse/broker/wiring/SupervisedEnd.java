package io.gatehouse.broker.wiring;

import java.io.IOException;
import java.io.InputStream;

/** Under a supervisor ({@code -Dgatehouse.supervised=true}) the broker ends when the pipe to it does, however the supervisor died. */
final class SupervisedEnd {
    private SupervisedEnd() {}

    /** Reads until the end of the stream on a thread of its own, then runs {@code end}. */
    static void watch(InputStream pipe, Runnable end) {
        var thread = new Thread(() -> await(pipe, end), "gatehouse-supervisor");
        thread.setDaemon(true);
        thread.start();
    }

    private static void await(InputStream pipe, Runnable end) {
        try {
            byte[] ignored = new byte[256];
            while (pipe.read(ignored) >= 0) {
                // What the supervisor says here means nothing.
            }
        } catch (IOException e) {
            // A broken pipe is its end.
        }
        end.run();
    }
}
