package io.gatehouse.admission.client;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;

/** The instances of the service; each connect tries the same one until it fails. Thread-safe. */
final class Services {
    private final List<URI> all;
    private final Supplier<SSLContext> tls;
    private final AtomicInteger next = new AtomicInteger();

    Services(List<URI> all, Supplier<SSLContext> tls) {
        this.all = List.copyOf(all);
        this.tls = tls;
    }

    Connection connect() throws IOException {
        return Connection.open(all.get(Math.floorMod(next.get(), all.size())), tls.get());
    }

    /** The present one does not do its work: the next connect tries the next one. */
    void tryAnother() {
        next.incrementAndGet();
    }
}
