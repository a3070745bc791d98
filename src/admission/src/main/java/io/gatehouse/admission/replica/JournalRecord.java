package io.gatehouse.admission.replica;

import io.gatehouse.admission.feed.FeedCodec;
import io.gatehouse.admission.feed.FeedLine.Change;
import io.gatehouse.admission.feed.Parsed;
import io.gatehouse.identity.DeviceId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;

/** What the journal keeps of: a change, a contact with the service, sessions that were thrown away. */
sealed interface JournalRecord {
    /** The line as it came. */
    record Changed(Change change) implements JournalRecord {}

    record Contacted(Instant time) implements JournalRecord {}

    record Purged(DeviceId device, long revision) implements JournalRecord {}

    static byte[] changed(byte[] line) {
        return ByteBuffer.allocate(1 + line.length).put((byte) 'c').put(line).array();
    }

    static byte[] contacted(Instant time) {
        return ByteBuffer.allocate(9)
                .put((byte) 't')
                .putLong(time.toEpochMilli())
                .array();
    }

    static byte[] purged(DeviceId device, long revision) {
        byte[] id = device.value().getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(9 + id.length)
                .put((byte) 'p')
                .putLong(revision)
                .put(id)
                .array();
    }

    static JournalRecord read(byte[] payload) throws IOException {
        if (payload.length == 9 && payload[0] == 't') {
            return new Contacted(Instant.ofEpochMilli(ByteBuffer.wrap(payload).getLong(1)));
        }
        if (payload.length > 9 && payload[0] == 'p') {
            var id = new String(payload, 9, payload.length - 9, StandardCharsets.US_ASCII);
            return new Purged(DeviceId.of(id), ByteBuffer.wrap(payload).getLong(1));
        }
        if (payload.length > 1
                && payload[0] == 'c'
                && FeedCodec.read(Arrays.copyOfRange(payload, 1, payload.length)) instanceof Parsed.Value<?> value
                && value.value() instanceof Change change) {
            return new Changed(change);
        }
        throw new CorruptReplicaException("a record of the journal that cannot be read");
    }
}
