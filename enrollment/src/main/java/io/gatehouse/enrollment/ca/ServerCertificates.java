package io.gatehouse.enrollment.ca;

import io.gatehouse.enrollment.app.port.Issuer;
import io.gatehouse.enrollment.ca.profile.Validity;
import io.gatehouse.enrollment.keys.ServerIdentity;
import io.gatehouse.enrollment.keys.SoftwareKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The service's own server certificate: made at the start for 7 days, with a key that no disk ever sees, and made anew, with a new
 * key, at half of its life, or when the clock went back to before it. Thread-safe.
 */
public final class ServerCertificates implements Supplier<ServerIdentity> {
    /** How long a server's certificate lasts. */
    public static final Duration LIFETIME = Duration.ofDays(7);

    private static final Logger LOG = LoggerFactory.getLogger(ServerCertificates.class);
    private static final Duration WATCH = Duration.ofMinutes(1);

    private final Issuer issuer;
    private final List<String> hosts;
    private final String roleUri;
    private final InstantSource clock;
    private final DelayedExecutor executor;
    private final List<Consumer<ServerIdentity>> listeners = new CopyOnWriteArrayList<>();
    private volatile Held held;

    /** An identity, when it was made, and the time at which it is to be replaced. */
    private record Held(ServerIdentity identity, Instant madeAt, Instant renewAt) {
        /**
         * Also when it was made by a clock that was ahead. One that begins later only because its authority does would come out the same
         * again.
         */
        boolean isDue(Instant now) {
            var begin = identity.certificate().getNotBefore().toInstant();
            return !now.isBefore(renewAt) || (now.isBefore(begin) && now.isBefore(madeAt));
        }
    }

    /**
     * Makes the first certificate.
     *
     * @param hosts the names and addresses under which the server is reached
     * @param roleUri the role that clients look for
     */
    public ServerCertificates(
            Issuer issuer, List<String> hosts, String roleUri, InstantSource clock, DelayedExecutor executor) {
        this.issuer = issuer;
        this.hosts = List.copyOf(hosts);
        this.roleUri = roleUri;
        this.clock = clock;
        this.executor = executor;
        this.held = issue();
    }

    /** Begins to renew by itself. To be called once. */
    public void start() {
        executor.after(WATCH, this::watch);
    }

    /** The newest identity, always valid as long as renewal succeeds. */
    @Override
    public ServerIdentity get() {
        return held.identity;
    }

    /** Tells the listener of each renewal to come, on the renewing thread. */
    public void onRenewed(Consumer<ServerIdentity> listener) {
        listeners.add(listener);
    }

    /** By the wall clock, because a machine that slept has certificates that aged. */
    private void watch() {
        try {
            if (held.isDue(clock.instant())) {
                held = issue();
                LOG.info(
                        "server certificate renewed, until {}",
                        held.identity.certificate().getNotAfter());
                listeners.forEach(listener -> listener.accept(held.identity));
            }
        } catch (RuntimeException e) {
            LOG.error("the server certificate cannot be renewed; again in {}", WATCH, e);
        } finally {
            executor.after(WATCH, this::watch);
        }
    }

    private Held issue() {
        var now = clock.instant();
        var pair = SoftwareKey.generate();
        var validity = Validity.from(now, LIFETIME);
        var certificate =
                issuer.issueServer(hosts, roleUri, pair.getPublic(), validity.notBefore(), validity.notAfter());
        var left = Duration.between(now, certificate.getNotAfter().toInstant());
        var identity = new ServerIdentity(pair.getPrivate(), List.of(certificate, issuer.servicesCa()));
        return new Held(identity, now, now.plus(left.dividedBy(2)));
    }
}
