package io.gatehouse.broker.config;

import java.nio.file.Path;
import java.util.Optional;

/** A key or trust store as HiveMQ's configuration names it. {@code toString} keeps the passwords to itself. */
public record KeystoreSettings(Path file, String password, Optional<String> keyPassword) {
    @Override
    public String toString() {
        return "KeystoreSettings[" + file + "]";
    }
}
