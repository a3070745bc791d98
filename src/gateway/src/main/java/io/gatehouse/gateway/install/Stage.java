package io.gatehouse.gateway.install;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Where the program itself lies: the directory that holds {@code bin}, {@code lib} and {@code extension}. Immutable. */
public record Stage(Path root) {
    /** The system property by which the launcher says where it is. */
    public static final String PROPERTY = "gatehouse.stage";

    /** The stage that the launcher runs from. */
    public static Stage current() {
        String directory = System.getProperty(PROPERTY);
        if (directory == null) {
            throw new IllegalStateException("started without the launcher: -D" + PROPERTY + " is missing");
        }
        return new Stage(Path.of(directory).toAbsolutePath());
    }

    /** The class path of this command and of the enrollment service. */
    public String gatewayClassPath() {
        return root.resolve("lib/gateway") + "/*";
    }

    /** The class path of HiveMQ. */
    public String hivemqClassPath() {
        return root.resolve("lib/hivemq") + "/*";
    }

    /** The class path of the fast crypto provider, where there is one for this machine. */
    public Optional<String> fastCryptoClassPath() {
        Path directory = root.resolve("lib/accp").resolve(System.getProperty("os.arch"));
        return Files.isDirectory(directory) ? Optional.of(directory + "/*") : Optional.empty();
    }

    /** Our extension, as an operator gets it. */
    public Path extensionZip() {
        return root.resolve("extension/gatehouse-broker-extension.zip");
    }
}
