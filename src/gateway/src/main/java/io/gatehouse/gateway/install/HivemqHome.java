package io.gatehouse.gateway.install;

import io.gatehouse.enrollment.config.ConfigException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A HiveMQ CE that an operator has installed, as far as enrolling it needs to know. Immutable; looks at the files at each call. */
public record HivemqHome(Path root) {
    private static final String OURS = "gatehouse";
    private static final String ALLOW_ALL = "hivemq-allow-all-extension";

    /** The home in that folder. Throws {@link ConfigException} when it is none, or our extension is not unpacked in it. */
    public static HivemqHome at(Path folder) {
        HivemqHome home = new HivemqHome(folder.toAbsolutePath().normalize());
        for (String needed : List.of("conf", "extensions")) {
            if (!Files.isDirectory(home.root.resolve(needed))) {
                throw wrong(
                        folder,
                        "the folder of an unpacked HiveMQ CE; it has no " + needed
                                + "/ (an empty one will do where HiveMQ is only jars)");
            }
        }
        if (!Files.exists(home.extension().resolve("hivemq-extension.xml"))) {
            throw wrong(
                    folder,
                    "a HiveMQ home with our extension in it: run `unzip gatehouse-broker-extension-VERSION.zip -d "
                            + home.root.resolve("extensions") + "` first");
        }
        return home;
    }

    private static ConfigException wrong(Path folder, String allowed) {
        return new ConfigException("command line", "--hivemq-home", folder.toString(), allowed);
    }

    Path conf() {
        return root.resolve("conf");
    }

    /** What our extension reads, outside of the folder that an upgrade replaces. */
    public Path gatehouse() {
        return conf().resolve(OURS);
    }

    /** HiveMQ's own configuration. */
    public Path configXml() {
        return conf().resolve("config.xml");
    }

    Path extension() {
        return root.resolve("extensions").resolve(OURS);
    }

    /** What about the extensions keeps devices out or lets strangers in: one sentence each, with what to do. */
    public List<String> extensionsToChange() {
        try (Stream<Path> folders = Files.list(root.resolve("extensions"))) {
            return folders.sorted().flatMap(this::toChange).toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + root.resolve("extensions"), e);
        }
    }

    private Stream<String> toChange(Path folder) {
        boolean disabled = Files.exists(folder.resolve("DISABLED"));
        if (folder.getFileName().toString().equals(OURS)) {
            return disabled
                    ? Stream.of("HiveMQ has disabled the extension: remove " + folder.resolve("DISABLED"))
                    : Stream.empty();
        }
        if (disabled || !Files.exists(folder.resolve("hivemq-extension.xml"))) {
            return Stream.empty();
        }
        return Stream.of(
                folder.getFileName().toString().equals(ALLOW_ALL)
                        ? "remove " + folder + ": it lets everybody in, so Gatehouse refuses everybody beside it"
                        : folder
                                + " is enabled: if it authenticates clients, Gatehouse refuses everybody; then remove it,"
                                + " or put an empty file DISABLED into it");
    }
}
