package io.gatehouse.admission.replica;

import io.gatehouse.admission.feed.FeedCodec;
import io.gatehouse.admission.feed.FeedLine.Change;
import io.gatehouse.admission.feed.Parsed;
import io.gatehouse.identity.DeviceId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;

/** What the journal keeps of: a change, a contact with the service, sessions that were thrown away. */
sealed interface JournalRecord {
    /** The line as it came. */
    record Changed(Change change) implements JournalRecord {}

    record Contacted(Contact contact) implements JournalRecord {}

    record Purged(DeviceId device, long revision) implements JournalRecord {}

    static byte[] changed(byte[] line) {
        return ByteBuffer.allocate(1 + line.length).put((byte) 'c').put(line).array();
    }

    static byte[] contacted(Contact contact) {
        return ByteBuffer.allocate(17)
                .put((byte) 't')
                .putLong(contact.heard().toEpochMilli())
                .putLong(contact.alone().toMillis())
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
        if ((payload.length == 9 || payload.length == 17) && payload[0] == 't') {
            var buffer = ByteBuffer.wrap(payload, 1, payload.length - 1);
            var heard = Instant.ofEpochMilli(buffer.getLong());
            // Version 1 does not say how long it was alone.
            return new Contacted(new Contact(heard, Duration.ofMillis(buffer.hasRemaining() ? buffer.getLong() : 0)));
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
