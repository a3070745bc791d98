package io.gatehouse.enrollment.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/**
 * Checkpoints of the audit.
 *
 * @param entries after how many entries the next one is due
 * @param to where copies go: {@code tcp} or {@code udp} with host and port, or {@code file}
 */
public record Checkpointing(int entries, Optional<URI> to) {
    static Optional<URI> address(String text) {
        try {
            var uri = new URI(text);
            boolean syslog = ("tcp".equals(uri.getScheme()) || "udp".equals(uri.getScheme()))
                    && uri.getHost() != null
                    && uri.getPort() > 0
                    && uri.getPort() < 65_536
                    && uri.getRawUserInfo() == null
                    && uri.getRawPath().isEmpty()
                    && uri.getRawQuery() == null
                    && uri.getRawFragment() == null;
            boolean file = "file".equals(uri.getScheme())
                    && uri.getRawAuthority() == null
                    && uri.getRawPath() != null
                    && uri.getRawPath().length() > 1
                    && uri.getRawQuery() == null
                    && uri.getRawFragment() == null;
            return syslog || file ? Optional.of(uri) : Optional.empty();
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }
}
