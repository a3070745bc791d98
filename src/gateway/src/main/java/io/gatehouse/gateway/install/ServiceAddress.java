package io.gatehouse.gateway.install;

import java.net.URI;
import java.util.Optional;
import java.util.stream.Stream;

/** Where a node reaches the enroll port of a service. Stateless. */
public final class ServiceAddress {
    public static final String RULE = "https://HOST:PORT";

    private ServiceAddress() {}

    /** The address without slashes at its end, or nothing when the text is none. */
    public static Optional<URI> parse(String text) {
        try {
            URI uri = URI.create(text.strip().replaceAll("/+$", ""));
            return "https".equals(uri.getScheme())
                            && uri.getHost() != null
                            && uri.getPort() > 0
                            && uri.getRawUserInfo() == null
                            && Stream.of(uri.getRawPath()).allMatch(String::isEmpty)
                            && uri.getRawQuery() == null
                            && uri.getRawFragment() == null
                    ? Optional.of(uri)
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
