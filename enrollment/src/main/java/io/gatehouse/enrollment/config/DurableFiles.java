package io.gatehouse.enrollment.config;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.Objects;
import java.util.Set;

/**
 * Files and directories that are still there, whole, after a power cut. Needs a POSIX file system; what the disk refuses is an
 * {@link IOException}. Stateless and thread-safe.
 */
public final class DurableFiles {
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ALONE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final FileAttribute<Set<PosixFilePermission>> DIRECTORY_OF_OWNER =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private DurableFiles() {}

    /** Makes a directory that only the owner can enter. */
    public static void directory(Path directory) throws IOException {
        Files.createDirectory(directory, DIRECTORY_OF_OWNER);
    }

    /** A new file that only the owner can read from its first moment on; its bytes are on the disk when this returns. */
    public static void secret(Path file, byte[] bytes) throws IOException {
        write(file, bytes, OWNER_ALONE);
    }

    /** A new file that anyone may read; its bytes are on the disk when this returns. */
    public static void open(Path file, byte[] bytes) throws IOException {
        write(file, bytes);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    }

    /** Puts a file that only the owner can read in the place of what was there, if anything was; lasting when this returns. */
    public static void replaceSecret(Path file, byte[] bytes) throws IOException {
        var fresh = beside(file);
        secret(fresh, bytes);
        move(fresh, file);
        flush(Objects.requireNonNull(file.getParent()));
    }

    /** The same for a file that anyone may read. */
    public static void replaceOpen(Path file, byte[] bytes) throws IOException {
        var fresh = beside(file);
        open(fresh, bytes);
        move(fresh, file);
        flush(Objects.requireNonNull(file.getParent()));
    }

    /** A name that is free: what a power cut left under it is removed. */
    private static Path beside(Path file) throws IOException {
        var fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        return fresh;
    }

    /** Gives a file its name at one stroke, replacing what had it. The caller flushes the directories. */
    public static void move(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Puts the names in a directory on the disk. */
    public static void flush(Path directory) throws IOException {
        try (var channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** Removes a directory with all that is in it, if it is there. */
    public static void remove(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (var all = Files.walk(directory)) {
            for (var each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }

    private static void write(Path file, byte[] bytes, FileAttribute<?>... attributes) throws IOException {
        var options = Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
        try (var channel = FileChannel.open(file, options, attributes)) {
            var buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        }
    }
}
