package io.gatehouse.admission.replica;

import io.gatehouse.identity.DeviceId;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * The directory as a file: a version, the position, the entries, and the SHA-256 of all that. Written beside the old one, synced, then
 * renamed over it; read only after its checksum was found right.
 */
final class ReplicaFile {
    private static final int SHA256_BYTES = 32;
    private static final int BUFFER = 1 << 16;

    /** What a file holds. */
    record Loaded(int version, ReplicaHeader header, Tables tables) {}

    private ReplicaFile() {}

    /**
     * Writes the tables while others go on changing them: the file then holds some changes after the header's revision, and is whole
     * only together with the journal from there on. That is allowed because each entry is absolute.
     */
    static void write(Path file, ReplicaHeader header, Directory directory, Tables tables) throws IOException {
        var sha256 = sha256();
        try (var out = new FileOutputStream(file.toFile())) {
            var buffered = new BufferedOutputStream(out, BUFFER);
            var data = new DataOutputStream(new BufferedOutputStream(new DigestOutputStream(buffered, sha256), BUFFER));
            data.write(Format.replica());
            write(data, header);
            new EntryWriter(data, directory, tables).writeAll();
            data.flush();
            buffered.write(sha256.digest());
            buffered.flush();
            out.getFD().sync();
        }
    }

    /** Puts the file where the next start looks for it; durable when this returns. */
    static void publish(Path file, Path target) throws IOException {
        Files.move(file, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        syncDirectory(target);
    }

    /** Makes the names in the file's directory durable. */
    static void syncDirectory(Path file) throws IOException {
        Path directory = file.toAbsolutePath().getParent();
        if (directory != null) {
            try (var channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    /**
     * Throws {@link CorruptReplicaException} unless the file is exactly as it was written, and {@link NewerReplicaException} for one of a
     * version to come, whose checksum may be another one.
     */
    static Loaded read(Path file, LongSupplier nanos) throws IOException {
        int version = version(file);
        verify(file);
        try (var in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file), BUFFER))) {
            in.skipNBytes(Format.LINE);
            var header = readHeader(in, version);
            var tables = new Tables(new Freshness(nanos));
            new EntryReader(in, tables).readAll();
            tables.reached(header.epoch(), header.revision());
            tables.freshness().found(header.contact());
            return new Loaded(version, header, tables);
        } catch (IllegalArgumentException e) {
            throw new CorruptReplicaException("a value that cannot be: " + e.getMessage());
        }
    }

    private static int version(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            int version = Format.versionOf(in.readNBytes(Format.LINE));
            if (version > Format.VERSION) {
                throw new NewerReplicaException(version);
            }
            if (version < Format.OLDEST) {
                throw new CorruptReplicaException("version " + version + " is read no more");
            }
            return version;
        }
    }

    private static void verify(Path file) throws IOException {
        var sha256 = sha256();
        try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long content = channel.size() - SHA256_BYTES;
            if (content < Format.LINE) {
                throw new CorruptReplicaException("too short");
            }
            var buffer = ByteBuffer.allocate(BUFFER);
            for (long at = 0; at < content; ) {
                buffer.clear().limit((int) Math.min(BUFFER, content - at));
                at += readFully(channel, buffer, at);
                sha256.update(buffer.flip());
            }
            buffer.clear().limit(SHA256_BYTES);
            readFully(channel, buffer, content);
            if (!buffer.flip().equals(ByteBuffer.wrap(sha256.digest()))) {
                throw new CorruptReplicaException("the checksum is wrong");
            }
        }
    }

    private static int readFully(FileChannel channel, ByteBuffer buffer, long at) throws IOException {
        int wanted = buffer.remaining();
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, at + buffer.position()) < 0) {
                throw new CorruptReplicaException("shorter than it was");
            }
        }
        return wanted;
    }

    private static void write(DataOutputStream out, ReplicaHeader header) throws IOException {
        out.writeLong(header.generation());
        out.writeUTF(header.epoch());
        out.writeLong(header.revision());
        out.writeLong(header.contact().heard().toEpochMilli());
        out.writeLong(header.contact().alone().toMillis());
        out.writeInt(header.unpurged().size());
        for (var unpurged : header.unpurged().entrySet()) {
            out.writeUTF(unpurged.getKey().value());
            out.writeLong(unpurged.getValue());
        }
    }

    private static ReplicaHeader readHeader(DataInputStream in, int version) throws IOException {
        long generation = in.readLong();
        String epoch = in.readUTF();
        long revision = in.readLong();
        var heard = Instant.ofEpochMilli(in.readLong());
        var alone = Duration.ofMillis(version == 1 ? 0 : in.readLong());
        Map<DeviceId, Long> unpurged = new HashMap<>();
        for (int left = in.readInt(); left > 0; left--) {
            unpurged.put(DeviceId.of(in.readUTF()), in.readLong());
        }
        return new ReplicaHeader(generation, epoch, revision, new Contact(heard, alone), unpurged);
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new UncheckedIOException(new IOException("every Java platform has SHA-256", e));
        }
    }
}
