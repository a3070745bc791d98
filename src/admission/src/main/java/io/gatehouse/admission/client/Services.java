package io.gatehouse.admission.client;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;

/**
 * The instances of the service, which are equal: feed and reports use the same one until it fails, then the next, the first after the last.
 * Nobody returns to the first because it is the first. Thread-safe.
 */
final class Services {
    private final List<URI> all;
    private final Supplier<SSLContext> tls;
    private final AtomicInteger turn = new AtomicInteger();

    Services(List<URI> all, Supplier<SSLContext> tls) {
        this.all = List.copyOf(all);
        this.tls = tls;
    }

    /** Whose turn it is: for {@link #connect} and, when that or what follows fails, {@link #tryAnother}. */
    int turn() {
        return turn.get();
    }

    Connection connect(int of) throws IOException {
        return Connection.open(all.get(Math.floorMod(of, all.size())), tls.get());
    }

    /** That one does not do its work: it is the next one's turn, unless the other of feed and reports has seen to that already. */
    void tryAnother(int failed) {
        turn.compareAndSet(failed, failed + 1);
    }
}
