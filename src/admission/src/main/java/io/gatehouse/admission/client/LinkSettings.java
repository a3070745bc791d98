package io.gatehouse.admission.client;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/**
 * Where the service is, and where the replica lives on disk. Each URI is {@code https://host:port} of an instance of the service;
 * they are tried in turn, and the one that works is kept until it fails.
 */
public record LinkSettings(List<URI> services, Path replica) {
    public LinkSettings {
        services = List.copyOf(services);
        if (services.isEmpty()) {
            throw new IllegalArgumentException("no service");
        }
        for (URI service : services) {
            if (!"https".equals(service.getScheme()) || service.getHost() == null) {
                throw new IllegalArgumentException("a service is https://HOST:PORT");
            }
        }
    }
}
