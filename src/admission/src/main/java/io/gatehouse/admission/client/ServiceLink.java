package io.gatehouse.admission.client;

import io.gatehouse.admission.replica.Applied;
import io.gatehouse.admission.replica.Directory;
import io.gatehouse.admission.replica.Replica;
import io.gatehouse.identity.DeviceId;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;

/**
 * A broker's whole link with the service: the replica from disk, the feed that keeps it current, the reports that go back.
 * Thread-safe.
 */
public final class ServiceLink implements AutoCloseable {
    private final Replica replica;
    private final FeedClient feed;
    private final ReportSender reports;

    private ServiceLink(
            LinkSettings settings,
            Supplier<SSLContext> tls,
            InstantSource clock,
            DirectoryListener listener,
            Supplier<Backoff> backoff) {
        var enforcement = new Enforcement();
        this.replica = Replica.open(settings.replica(), clock, enforcement::durable);
        var services = new Services(settings.services(), tls);
        this.reports = new ReportSender(services, enforcement, backoff.get());
        this.feed = new FeedClient(services, replica, enforcement, listener, clock, backoff.get(), reports::retry);
        enforcement.whenDurable(reports::wake);
        // What was found on disk is durable.
        replica.position().ifPresent(enforcement::durable);
    }

    /**
     * Reads the replica from disk (a corrupt one counts as none, and the state says so). {@code tls} is asked at every connect, so that
     * a renewed key is used from the next one on; it comes from {@code ServiceTrust}, which requires the service's role. Nothing
     * connects before {@link #start}.
     */
    public static ServiceLink open(
            LinkSettings settings, Supplier<SSLContext> tls, InstantSource clock, DirectoryListener listener) {
        var random = new SecureRandom();
        return open(settings, tls, clock, listener, () -> new Backoff(random));
    }

    static ServiceLink open(
            LinkSettings settings,
            Supplier<SSLContext> tls,
            InstantSource clock,
            DirectoryListener listener,
            Supplier<Backoff> backoff) {
        return new ServiceLink(settings, tls, clock, listener, backoff);
    }

    /** Calls the listener for the replica from disk, on the feed's thread, then connects and stays connected until closed. */
    public void start() {
        feed.start();
        reports.start();
    }

    /** Who may connect, always the same object. */
    public Directory directory() {
        return replica.directory();
    }

    /** Where to tell what happens here. */
    public ReportClient reports() {
        return reports;
    }

    /**
     * The sessions and queues of a device that {@link Applied#purged} named with that revision are thrown away. Until then the device is
     * named again in the first call after each restart.
     */
    public void purged(DeviceId device, long revision) {
        replica.purged(device, revision);
    }

    /** How the link is now. */
    public LinkState state() {
        return new LinkState(feed.isConnected(), feed.problem().or(reports::problem), replica.problem());
    }

    /** Ends both connections and writes what is pending of the replica. */
    @Override
    public void close() {
        feed.close();
        reports.close();
        replica.close();
    }
}
