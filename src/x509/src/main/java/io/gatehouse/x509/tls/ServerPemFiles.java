package io.gatehouse.x509.tls;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Two PEM files that somebody else renews. A pair that is not whole, such as one that is just being written, is never used: the one
 * before it stays until both files fit. {@link #look} reads the files and belongs on one thread; the rest is thread-safe.
 */
public final class ServerPemFiles {
    private static final int LARGEST = 1 << 20;
    private static final Set<PosixFilePermission> FORBIDDEN =
            Set.of(PosixFilePermission.OTHERS_READ, PosixFilePermission.OTHERS_WRITE, PosixFilePermission.GROUP_WRITE);

    private final Path certificate;
    private final Path key;
    private final InstantSource clock;
    private volatile ServerPem current;
    private volatile @Nullable String problem;
    private byte[] lastCertificate;
    private byte[] lastKey;

    private ServerPemFiles(Path certificate, Path key, InstantSource clock) throws ServerPemException {
        this.certificate = certificate;
        this.key = key;
        this.clock = clock;
        this.lastCertificate = read(certificate);
        this.lastKey = readKey(key);
        this.current = ServerPem.of(certificate, lastCertificate, key, lastKey, clock.instant());
    }

    /** The files as they are now, which must be in order. */
    public static ServerPemFiles open(Path certificate, Path key, InstantSource clock) throws ServerPemException {
        return new ServerPemFiles(certificate, key, clock);
    }

    /** The last pair that was in order. */
    public ServerPem current() {
        return current;
    }

    /** Why the files as they are now are not used; nothing when they are. */
    public Optional<String> problem() {
        return Optional.ofNullable(problem);
    }

    /** Looks whether the files have changed; true when there is a new pair. */
    public boolean look() {
        try {
            var certificatePem = read(certificate);
            var keyPem = readKey(key);
            boolean same = Arrays.equals(certificatePem, lastCertificate) && Arrays.equals(keyPem, lastKey);
            if (same) {
                problem = null;
                return false;
            }
            current = ServerPem.of(certificate, certificatePem, key, keyPem, clock.instant());
            lastCertificate = certificatePem;
            lastKey = keyPem;
            problem = null;
            return true;
        } catch (ServerPemException e) {
            problem = e.getMessage() + "; the certificate until " + current.until() + " stays in use";
            return false;
        }
    }

    private static byte[] read(Path file) throws ServerPemException {
        try {
            if (Files.size(file) > LARGEST) {
                throw new ServerPemException(file, "is larger than " + LARGEST + " bytes");
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new ServerPemException(
                    file,
                    "cannot be read by the user of this process ("
                            + e.getClass().getSimpleName() + ")");
        }
    }

    /** Links are followed: the rights are those of the file that holds the key. */
    private static byte[] readKey(Path file) throws ServerPemException {
        try {
            if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
                    && Files.getPosixFilePermissions(file, new LinkOption[0]).stream()
                            .anyMatch(FORBIDDEN::contains)) {
                throw new ServerPemException(
                        file, "is open to others than its owner: chmod 600, or 640 for a group of its own");
            }
        } catch (IOException e) {
            throw new ServerPemException(
                    file,
                    "cannot be read by the user of this process ("
                            + e.getClass().getSimpleName() + ")");
        }
        return read(file);
    }
}
