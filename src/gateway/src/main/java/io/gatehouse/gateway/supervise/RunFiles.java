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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What {@code HOME/run} shows of what runs: a lock a part, that a second one meets, the pids, and {@code ports.json} while all is
 * ready. Holding one means holding the locks. Thread-safe.
 */
public final class RunFiles implements AutoCloseable {
    private static final String WHOLE = "up";

    private final Home home;
    private final List<String> names;
    private final List<FileChannel> locks;
    private final Set<String> ownPids = ConcurrentHashMap.newKeySet();

    private RunFiles(Home home, List<String> names, List<FileChannel> locks) {
        this.home = home;
        this.names = names;
        this.locks = locks;
    }

    /** For the one who runs all parts. Nothing when another process runs one of them. */
    public static Optional<RunFiles> lockWhole(Home home) {
        return lock(home, List.of(WHOLE, "service", "broker")).map(files -> {
            files.writeOwnPid(WHOLE);
            remove(home.portsJson()); // of one that was killed
            return files;
        });
    }

    /** For the one who runs this part alone. Nothing when another process runs it. */
    public static Optional<RunFiles> lockPart(Home home, String part) {
        return lock(home, List.of(part));
    }

    private static Optional<RunFiles> lock(Home home, List<String> names) {
        List<FileChannel> locks = new ArrayList<>();
        RunFiles files = new RunFiles(home, names, locks);
        try {
            Files.createDirectories(home.run());
            for (String name : names) {
                FileChannel channel = FileChannel.open(
                        home.run().resolve(name + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                locks.add(channel);
                if (!locked(channel)) {
                    files.unlock();
                    return Optional.empty();
                }
            }
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

    /** Shows this process as the part, until the locks are given back. */
    public void writeOwnPid(String part) {
        writePid(part, ProcessHandle.current().pid());
        ownPids.add(part);
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

    /** Removes what says that something runs, and gives the locks back. */
    @Override
    public void close() {
        if (names.contains(WHOLE)) {
            remove(home.portsJson());
        }
        ownPids.forEach(this::removePid);
        unlock();
    }

    private void unlock() {
        for (FileChannel channel : locks) {
            try {
                channel.close();
            } catch (IOException e) {
                throw new UncheckedIOException("cannot unlock " + home.run(), e);
            }
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
