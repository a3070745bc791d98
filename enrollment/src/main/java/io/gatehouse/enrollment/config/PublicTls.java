package io.gatehouse.enrollment.config;

import java.nio.file.Path;
import java.util.OptionalInt;

/**
 * A certificate of another CA that service and broker show beside their own. Paths as they were written; see {@link #certificate(Home)}.
 *
 * @param mqttPort of the broker's second door, which shows it
 */
public record PublicTls(String certificate, String key, OptionalInt mqttPort) {
    /** Relative paths begin at the home. */
    public Path certificate(Home home) {
        return home.root().resolve(certificate).normalize();
    }

    public Path key(Home home) {
        return home.root().resolve(key).normalize();
    }
}
