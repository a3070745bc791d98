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
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * The directory as a file: a version, the position, the entries, and the SHA-256 of all that. Written beside the old one, synced, then
 * renamed over it; read only after its checksum was found right.
 */
final class ReplicaFile {
    private static final byte[] MAGIC = "GATEHOUSE REPLICA 1\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    private static final int SHA256_BYTES = 32;
    private static final int BUFFER = 1 << 16;

    /** What a file holds. */
    record Loaded(ReplicaHeader header, Tables tables) {}

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
            data.write(MAGIC);
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

    /** Throws {@link CorruptReplicaException} unless the file is exactly as it was written. */
    static Loaded read(Path file) throws IOException {
        verify(file);
        try (var in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file), BUFFER))) {
            if (!Arrays.equals(in.readNBytes(MAGIC.length), MAGIC)) {
                throw new CorruptReplicaException("not a replica of this version");
            }
            var header = readHeader(in);
            var tables = new Tables();
            new EntryReader(in, tables).readAll();
            tables.reached(header.epoch(), header.revision());
            tables.contact(header.lastContact());
            return new Loaded(header, tables);
        } catch (IllegalArgumentException e) {
            throw new CorruptReplicaException("a value that cannot be: " + e.getMessage());
        }
    }

    private static void verify(Path file) throws IOException {
        var sha256 = sha256();
        try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long content = channel.size() - SHA256_BYTES;
            if (content < MAGIC.length) {
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
        out.writeLong(header.lastContact().toEpochMilli());
        out.writeInt(header.unpurged().size());
        for (var unpurged : header.unpurged().entrySet()) {
            out.writeUTF(unpurged.getKey().value());
            out.writeLong(unpurged.getValue());
        }
    }

    private static ReplicaHeader readHeader(DataInputStream in) throws IOException {
        long generation = in.readLong();
        String epoch = in.readUTF();
        long revision = in.readLong();
        var lastContact = Instant.ofEpochMilli(in.readLong());
        Map<DeviceId, Long> unpurged = new HashMap<>();
        for (int left = in.readInt(); left > 0; left--) {
            unpurged.put(DeviceId.of(in.readUTF()), in.readLong());
        }
        return new ReplicaHeader(generation, epoch, revision, lastContact, unpurged);
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new UncheckedIOException(new IOException("every Java platform has SHA-256", e));
        }
    }
}
