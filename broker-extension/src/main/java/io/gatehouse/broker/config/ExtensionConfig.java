package io.gatehouse.broker.config;

import io.gatehouse.identity.BrokerName;
import io.gatehouse.x509.TrustDomain;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What {@code HIVEMQ_HOME/conf/gatehouse/config.xml} says, validated. Immutable.
 *
 * @param services where the enrollment service answers; at least one, https
 * @param maxStale how long the broker admits on its copy of the directory without the service
 * @param publicPair a certificate of another CA for the listeners whose key store is {@code conf/gatehouse/public.p12}
 * @param listeners the names of HiveMQ's listeners that are governed; none: all
 * @param observeUntil until when decisions are only written down; it may have passed
 * @param metricsPort where Prometheus finds the counts, on the loopback address
 */
public record ExtensionConfig(
        BrokerName broker,
        TrustDomain trustDomain,
        List<URI> services,
        Duration maxStale,
        Optional<PublicPair> publicPair,
        Set<String> listeners,
        Optional<Instant> observeUntil,
        OptionalInt metricsPort) {
    /** Two PEM files that somebody else renews. */
    public record PublicPair(Path certificate, Path key) {}

    public static final Duration DEFAULT_MAX_STALE = Duration.ofHours(24);

    public ExtensionConfig {
        services = List.copyOf(services);
        listeners = Set.copyOf(listeners);
    }
}
