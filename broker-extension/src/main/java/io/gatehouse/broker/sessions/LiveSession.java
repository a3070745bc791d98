package io.gatehouse.broker.sessions;

import com.hivemq.extension.sdk.api.client.ClientContext;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.Fingerprint;
import io.gatehouse.identity.RefusalReason;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A connection that we admitted. Valid from the moment that HiveMQ has registered the client until it is disconnected. Once it has a
 * reason to end it may do nothing more, whatever the socket does. Thread-safe.
 */
public final class LiveSession {
    /** Where the connection comes from, for people. */
    public record Origin(String address, String listener, String tls, Instant since) {}

    /** The broker's side of the connection: its rights, and what cuts it when it does not close. */
    public record Handle(ClientContext context, Runnable cut) {}

    private final String id;
    private final String clientId;
    private final DeviceId device;
    private final Fingerprint certificate;
    private final Instant notAfter;
    private final Origin origin;
    private final Handle handle;
    private final AtomicReference<RefusalReason> end = new AtomicReference<>();
    private volatile Grant grant;

    public LiveSession(
            String id,
            String clientId,
            Fingerprint certificate,
            Instant notAfter,
            Grant grant,
            Origin origin,
            Handle handle) {
        this.id = id;
        this.clientId = clientId;
        this.device = grant.subject().device();
        this.certificate = certificate;
        this.notAfter = notAfter;
        this.grant = grant;
        this.origin = origin;
        this.handle = handle;
    }

    public String id() {
        return id;
    }

    public String clientId() {
        return clientId;
    }

    public DeviceId device() {
        return device;
    }

    public Fingerprint certificate() {
        return certificate;
    }

    public Instant notAfter() {
        return notAfter;
    }

    public Origin origin() {
        return origin;
    }

    public ClientContext context() {
        return handle.context();
    }

    /** Closes the connection without a word, for one that does not take its DISCONNECT. */
    public void cut() {
        handle.cut().run();
    }

    public Grant grant() {
        return grant;
    }

    public void grant(Grant now) {
        grant = now;
    }

    /** Ends the session's rights; true for the first who says so. */
    public boolean end(RefusalReason reason) {
        return end.compareAndSet(null, reason);
    }

    /** Why the session ends or has ended by our decision. */
    public Optional<RefusalReason> ended() {
        return Optional.ofNullable(end.get());
    }
}
