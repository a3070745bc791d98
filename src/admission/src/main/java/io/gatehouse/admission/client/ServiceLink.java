package io.gatehouse.admission.client;

import io.gatehouse.admission.replica.Directory;
import java.time.InstantSource;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;

/**
 * A broker's whole link with the service: the replica from disk, the feed that keeps it current, the reports that go back.
 * Thread-safe.
 */
@SuppressWarnings("DoNotCallSuggester") // only until the bodies are here
public final class ServiceLink implements AutoCloseable {
    private final LinkSettings settings;

    private ServiceLink(LinkSettings settings) {
        this.settings = settings;
    }

    /**
     * Reads the replica from disk (a corrupt one counts as none, and the state says so). {@code tls} is asked at every connect, so that
     * a renewed key is used from the next one on. Nothing connects before {@link #start}.
     */
    public static ServiceLink open(
            LinkSettings settings, Supplier<SSLContext> tls, InstantSource clock, DirectoryListener listener) {
        return new ServiceLink(settings);
    }

    /** Calls the listener for the replica from disk, on a thread of its own, then connects and stays connected until closed. */
    public void start() {
        throw new UnsupportedOperationException(settings.toString());
    }

    public Directory directory() {
        return new Directory();
    }

    public ReportClient reports() {
        throw new UnsupportedOperationException(settings.toString());
    }

    public LinkState state() {
        throw new UnsupportedOperationException(settings.toString());
    }

    /** Ends both connections and writes what is pending of the replica. */
    @Override
    public void close() {}
}
