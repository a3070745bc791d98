package io.gatehouse.agent.mqtt;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/** Where a broker is: {@code mqtts://HOST[:PORT]}, port 8883 unless given. */
public record BrokerAddress(String host, int port) {
    /** What an address must look like, for error messages. */
    public static final String RULE = "mqtts://HOST or mqtts://HOST:PORT, nothing after it";

    /** The address in a text, or nothing when it is none. */
    public static Optional<BrokerAddress> parse(String text) {
        try {
            var uri = new URI(text);
            var path = uri.getRawPath();
            var bare = (path == null || path.isEmpty() || path.equals("/"))
                    && uri.getRawQuery() == null
                    && uri.getRawFragment() == null
                    && uri.getRawUserInfo() == null;
            var known = "mqtts".equals(uri.getScheme()) || "ssl".equals(uri.getScheme());
            if (!known || uri.getHost() == null || !bare || uri.getPort() > 65535) {
                return Optional.empty();
            }
            return Optional.of(new BrokerAddress(uri.getHost(), uri.getPort() <= 0 ? 8883 : uri.getPort()));
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
        return "mqtts://" + host + ":" + port;
    }
}
