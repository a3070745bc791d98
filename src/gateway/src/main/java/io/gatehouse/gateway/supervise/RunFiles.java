package io.gatehouse.gateway.supervise;

import io.gatehouse.enrollment.config.Home;
import io.gatehouse.enrollment.config.ServiceConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * What {@code HOME/run} shows of what runs: the lock that a second {@code up} meets, the pids, and {@code ports.json} while all is
 * ready. Holding one means holding the lock. Thread-safe.
 */
public final class RunFiles implements AutoCloseable {
    private final Home home;
    private final String owner;
    private final FileChannel channel;

    private RunFiles(Home home, String owner, FileChannel channel) {
        this.home = home;
        this.owner = owner;
        this.channel = channel;
    }

    /** Takes the lock of one supervisor ({@code up}, {@code service}, {@code broker}); nothing when another process has it. */
    public static Optional<RunFiles> lock(Home home, String owner) {
        try {
            Files.createDirectories(home.run());
            FileChannel channel = FileChannel.open(
                    home.run().resolve(owner + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (!locked(channel)) {
                channel.close();
                return Optional.empty();
            }
            RunFiles files = new RunFiles(home, owner, channel);
            files.writePid(owner, ProcessHandle.current().pid());
            Files.deleteIfExists(home.portsJson()); // of one that was killed
            return Optional.of(files);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot lock " + home.run(), e);
        }
    }

    private static boolean locked(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false; // this very process holds it
        }
    }

    void writePid(String name, long pid) {
        replace(home.pid(name), pid + "\n");
    }

    void removePid(String name) {
        remove(home.pid(name));
    }

    /** Says where everything listens; call when a device could connect. */
    public void writePorts(ServiceConfig config) {
        String wss =
                config.wssPort().isPresent() ? Integer.toString(config.wssPort().getAsInt()) : "null";
        replace(
                home.portsJson(),
                "{\"enroll\":%d,\"admin\":%d,\"pki\":%d,\"mqtt\":%d,\"wss\":%s}\n"
                        .formatted(config.enrollPort(), config.adminPort(), config.pkiPort(), config.mqttPort(), wss));
    }

    /** Removes what says that something runs, and gives the lock back. */
    @Override
    public void close() {
        remove(home.portsJson());
        removePid(owner);
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot unlock " + home.run(), e);
        }
    }

    private static void replace(Path file, String text) {
        Path next = file.resolveSibling(file.getFileName() + ".new");
        try {
            Files.writeString(next, text);
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    private static void remove(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove " + file, e);
        }
    }
}
