package io.gatehouse.enrollment.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/**
 * Where everything of one installation lies. Only names: no method but {@link #create()} touches the disk. The root is absolute.
 * Immutable and thread-safe.
 */
public record Home(Path root) {
    public Home {
        root = root.toAbsolutePath().normalize();
    }

    /** The one configuration file. */
    public Path configFile() {
        return root.resolve("gatehouse.toml");
    }

    public Path pki() {
        return root.resolve("pki");
    }

    /** The services root: what any client needs to trust service and broker. */
    public Path trustPem() {
        return pki().resolve("trust.pem");
    }

    /** The devices root, then the devices CA: what a relying party needs to trust devices. */
    public Path devicesPem() {
        return pki().resolve("devices.pem");
    }

    /** The public key by which the audit's checkpoints are judged. */
    public Path auditPem() {
        return pki().resolve("audit.pem");
    }

    /** Readable by the owner alone. */
    public Path secrets() {
        return root.resolve("secrets");
    }

    /** The passphrase of the keys, where {@code up} and {@code demo} leave it. */
    public Path unlock() {
        return secrets().resolve("unlock");
    }

    /** The bearer token of this start of the service, for this machine only. */
    public Path adminToken() {
        return secrets().resolve("admin-token");
    }

    public Path data() {
        return root.resolve("data");
    }

    public Path database() {
        return data().resolve("gatehouse.db");
    }

    /** A HiveMQ home. */
    public Path broker() {
        return root.resolve("broker");
    }

    /** What our extension reads: its configuration and the broker's identities. */
    public Path brokerConf() {
        return broker().resolve("conf").resolve("gatehouse");
    }

    /** What our extension writes: the replica and its status. */
    public Path brokerData() {
        return broker().resolve("data").resolve("gatehouse");
    }

    public Path run() {
        return root.resolve("run");
    }

    /** The ports of what runs: there while it is ready, and only then. */
    public Path portsJson() {
        return run().resolve("ports.json");
    }

    /** The process id of one part: {@code up}, {@code service} or {@code broker}. */
    public Path pid(String part) {
        return run().resolve(part + ".pid");
    }

    public Path log() {
        return root.resolve("log");
    }

    /** Makes the directories that are missing; {@code secrets} and {@code data} are the owner's alone (0700), whatever the umask. */
    public Home create() {
        try {
            for (Path directory : List.of(root, pki(), run(), log())) {
                Files.createDirectories(directory);
            }
            for (Path directory : List.of(secrets(), data())) {
                if (!Files.isDirectory(directory)) {
                    Files.createDirectory(
                            directory,
                            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
                }
            }
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make the home " + root, e);
        }
    }

    @Override
    public String toString() {
        return root.toString();
    }
}
