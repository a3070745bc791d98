package io.gatehouse.broker.config;

import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Where HiveMQ reads its configuration: the system property, else the variable, else {@code conf}; relative ones begin at its home. */
public final class HivemqFolders {
    private HivemqFolders() {}

    public static Path config(
            Path home, UnaryOperator<@Nullable String> properties, UnaryOperator<@Nullable String> environment) {
        String folder = properties.apply("hivemq.config.folder");
        if (folder == null) {
            folder = environment.apply("HIVEMQ_CONFIG_FOLDER");
        }
        return home.resolve(folder == null ? "conf" : folder).toAbsolutePath().normalize();
    }
}
