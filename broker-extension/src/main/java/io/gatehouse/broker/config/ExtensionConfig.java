package io.gatehouse.broker.config;

import io.gatehouse.identity.BrokerName;
import io.gatehouse.x509.TrustDomain;
import java.net.URI;
import java.time.Duration;
import java.util.List;

/**
 * What {@code HIVEMQ_HOME/conf/gatehouse/config.xml} says, validated. Immutable.
 *
 * @param services where the enrollment service answers; at least one, https
 * @param maxStale how long the broker admits on its copy of the directory without the service
 */
public record ExtensionConfig(BrokerName broker, TrustDomain trustDomain, List<URI> services, Duration maxStale) {
    public static final Duration DEFAULT_MAX_STALE = Duration.ofHours(24);

    public ExtensionConfig {
        services = List.copyOf(services);
    }
}
