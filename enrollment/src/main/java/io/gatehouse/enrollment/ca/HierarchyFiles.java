package io.gatehouse.enrollment.ca;

import io.gatehouse.enrollment.config.Home;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Where the hierarchies lie in a home. Only names and whether they are there. */
record HierarchyFiles(Home home) {
    /** Readable by anyone, in {@code pki}. */
    static final List<String> PUBLIC = List.of(
            "trust.pem",
            "devices.pem",
            "devices-root.pem",
            "services-root.pem",
            "services.pem",
            "devices-root.crl",
            "services-root.crl");

    /** What the service needs, in {@code secrets}. */
    static final List<String> KEYS = List.of("devices.key", "services.key");

    /** Both root keys, to be taken away; the one file that may be missing. */
    static final String ROOT_KEYS = "root-keys.pem";

    Path devicesPem() {
        return home.devicesPem();
    }

    /**
     * Every devices CA that was ever made, by generation. Replacing this file is what makes a new one; before the first rotation it is
     * not there, and the CA is the one in {@link #devicesPem()}.
     */
    Path devicesCas() {
        return home.pki().resolve("devices-cas.pem");
    }

    /** The services root, then the services CA. */
    Path servicesPem() {
        return home.pki().resolve("services.pem");
    }

    Path rootCrl(AuthorityName root) {
        return home.pki().resolve(root + ".crl");
    }

    /** The encrypted key of an authority that is not a root. */
    Path key(Generation authority) {
        return home.secrets().resolve(authority + ".key");
    }

    Path rootKeys() {
        return home.secrets().resolve(ROOT_KEYS);
    }

    /** Where everything is written first; without meaning until it is renamed to {@link #complete()}. */
    Path unfinished() {
        return home.root().resolve(".init");
    }

    /** Everything, whole, on its way to its places: from here on it will only be moved. */
    Path complete() {
        return home.root().resolve(".init-complete");
    }

    Path lock() {
        return home.root().resolve(".init.lock");
    }

    /** The files that must be there, whether they are or not. */
    private List<Path> required() {
        return Stream.concat(
                        PUBLIC.stream().map(home.pki()::resolve), KEYS.stream().map(home.secrets()::resolve))
                .toList();
    }

    List<Path> missing() {
        return required().stream().filter(file -> !Files.exists(file)).toList();
    }

    boolean noneIsThere() {
        return missing().size() == required().size() && !Files.exists(rootKeys());
    }
}
