package io.gatehouse.agent.service;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/** Where the enrollment service is: {@code https://HOST[:PORT]}, without a path. */
public record ServiceAddress(String host, int port) {
    /** What an address must look like, for error messages. */
    public static final String RULE = "https://HOST or https://HOST:PORT, nothing after it";

    /** The address in a text, or nothing when it is none. */
    public static Optional<ServiceAddress> parse(String text) {
        try {
            var uri = new URI(text);
            var path = uri.getRawPath();
            var bare = (path == null || path.isEmpty() || path.equals("/"))
                    && uri.getRawQuery() == null
                    && uri.getRawFragment() == null
                    && uri.getRawUserInfo() == null;
            if (!"https".equals(uri.getScheme()) || uri.getHost() == null || !bare || uri.getPort() > 65535) {
                return Optional.empty();
            }
            return Optional.of(new ServiceAddress(uri.getHost(), uri.getPort() <= 0 ? 443 : uri.getPort()));
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    /** The host without the brackets of an IPv6 address. */
    public String bareHost() {
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    @Override
    public String toString() {
        return "https://" + host + ":" + port;
    }
}
