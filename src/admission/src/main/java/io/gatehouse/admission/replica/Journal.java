package io.gatehouse.admission.replica;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * What happened since the replica's file of the same generation was written, one record after the other. A record is its length, a
 * CRC of that, the payload, and the SHA-256 of generation, number and payload. A record that the file's end cuts off was never
 * acknowledged and is dropped; anything else that is wrong makes the journal corrupt. Not thread-safe.
 */
final class Journal implements AutoCloseable {
    private static final int HEADER = Format.LINE + 8 + 32;
    private static final int RECORD_HEAD = 8;
    private static final int SHA256_BYTES = 32;
    private static final int MAX_PAYLOAD = 2 * 1024 * 1024;

    /** Takes each record in its order. */
    interface Replay {
        void record(byte[] payload) throws IOException;
    }

    private final FileChannel channel;
    private final long generation;
    private long records;

    private Journal(FileChannel channel, long generation) {
        this.channel = channel;
        this.generation = generation;
    }

    /** A new and durable journal without records. */
    static Journal create(Path file, long generation) throws IOException {
        var channel = FileChannel.open(
                file,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE);
        try {
            writeFully(channel, header(Format.VERSION, generation));
            channel.force(true);
            ReplicaFile.syncDirectory(file);
            return new Journal(channel, generation);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** Replays what is there in that version, drops a record that was cut off, and stands ready for more. */
    static Journal open(Path file, int version, long generation, Replay replay) throws IOException {
        var channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            byte[] content = readAll(channel);
            if (content.length < HEADER
                    || !Arrays.equals(
                            content, 0, HEADER, header(version, generation).array(), 0, HEADER)) {
                throw new CorruptReplicaException("the journal is not of this replica");
            }
            var journal = new Journal(channel, generation);
            int end = journal.replay(content, replay);
            channel.truncate(end);
            channel.position(end);
            return journal;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** Adds a record; it is durable after {@link #force}. */
    void append(byte[] payload) throws IOException {
        var record = ByteBuffer.allocate(RECORD_HEAD + payload.length + SHA256_BYTES);
        record.putInt(payload.length).putInt(crc(payload.length, records));
        record.put(payload).put(sha256(payload, 0, payload.length, records));
        writeFully(channel, record.flip());
        records++;
    }

    void force() throws IOException {
        channel.force(false);
    }

    long bytes() throws IOException {
        return channel.position();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    /** Where the last whole record ends. */
    private int replay(byte[] content, Replay replay) throws IOException {
        int at = HEADER;
        while (content.length - at >= RECORD_HEAD) {
            var head = ByteBuffer.wrap(content, at, RECORD_HEAD);
            int length = head.getInt();
            if (head.getInt() != crc(length, records) || length < 0 || length > MAX_PAYLOAD) {
                if (isZero(content, at)) {
                    return at;
                }
                throw new CorruptReplicaException("a record of the journal is damaged");
            }
            int payload = at + RECORD_HEAD;
            if (content.length - payload < length + SHA256_BYTES) {
                return at;
            }
            byte[] expected = sha256(content, payload, length, records);
            int end = payload + length + SHA256_BYTES;
            if (!Arrays.equals(expected, 0, SHA256_BYTES, content, payload + length, end)) {
                throw new CorruptReplicaException("a record of the journal is damaged");
            }
            replay.record(Arrays.copyOfRange(content, payload, payload + length));
            records++;
            at = end;
        }
        return at;
    }

    /** A file system that was cut off may have made the file longer before it wrote into it. */
    private static boolean isZero(byte[] content, int from) {
        for (int i = from; i < content.length; i++) {
            if (content[i] != 0) {
                return false;
            }
        }
        return true;
    }

    private static ByteBuffer header(int version, long generation) {
        var header = ByteBuffer.allocate(HEADER);
        header.put(Format.journal(version)).putLong(generation);
        var sha256 = ReplicaFile.sha256();
        sha256.update(header.array(), 0, header.position());
        return header.put(sha256.digest()).flip();
    }

    private int crc(int length, long number) {
        var crc = new CRC32C();
        crc.update(ByteBuffer.allocate(20)
                .putInt(length)
                .putLong(generation)
                .putLong(number)
                .flip());
        return (int) crc.getValue();
    }

    private byte[] sha256(byte[] bytes, int offset, int length, long number) {
        var sha256 = ReplicaFile.sha256();
        sha256.update(
                ByteBuffer.allocate(16).putLong(generation).putLong(number).flip());
        sha256.update(bytes, offset, length);
        return sha256.digest();
    }

    private static byte[] readAll(FileChannel channel) throws IOException {
        var content = ByteBuffer.allocate(Math.toIntExact(channel.size()));
        int read = 0;
        while (content.hasRemaining() && read >= 0) {
            read = channel.read(content);
        }
        return Arrays.copyOf(content.array(), content.position());
    }

    private static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }
}
