package io.gatehouse.gateway.install;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

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

    /** The class path of the fast crypto providers: ACCP's where there is one for this machine, and that of X25519. May be empty. */
    public List<String> fastCryptoClassPath() {
        return Stream.of("lib/accp/" + System.getProperty("os.arch"), "lib/x25519")
                .map(root::resolve)
                .filter(Files::isDirectory)
                .map(directory -> directory + "/*")
                .toList();
    }

    /** Our extension, as an operator gets it. */
    public Path extensionZip() {
        return root.resolve("extension/gatehouse-broker-extension.zip");
    }
}
