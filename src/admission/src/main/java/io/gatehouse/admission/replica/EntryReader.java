package io.gatehouse.admission.replica;

import io.gatehouse.admission.feed.Entry;
import io.gatehouse.admission.feed.Entry.CertificateEntry;
import io.gatehouse.admission.feed.Entry.DeviceEntry;
import io.gatehouse.admission.feed.FeedCodec;
import io.gatehouse.admission.feed.Parsed;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.Fingerprint;
import io.gatehouse.identity.FleetName;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Reads what {@link EntryWriter} wrote. */
final class EntryReader {
    private final DataInputStream in;
    private final Tables tables;
    private final List<FleetName> fleets = new ArrayList<>();

    EntryReader(DataInputStream in, Tables tables) {
        this.in = in;
        this.tables = tables;
    }

    void readAll() throws IOException {
        for (int left = in.readInt(); left > 0; left--) {
            line(in.readNBytes(in.readInt()));
        }
        for (int length = in.readUnsignedByte(); length > 0; length = in.readUnsignedByte()) {
            device(DeviceId.of(name(length)));
        }
        for (int length = in.readUnsignedByte(); length > 0; length = in.readUnsignedByte()) {
            certificate(DeviceId.of(name(length)));
        }
    }

    private void line(byte[] bytes) throws IOException {
        if (FeedCodec.read(bytes) instanceof Parsed.Value<?> value && value.value() instanceof Entry entry) {
            tables.put(entry);
        } else {
            throw new CorruptReplicaException("an entry that cannot be read");
        }
    }

    private void device(DeviceId id) throws IOException {
        var fleet = fleet();
        var state = Codes.deviceState(in.readByte());
        int revocations = in.readInt();
        var attributes = PackedAttributes.unpack(in.readNBytes(in.readUnsignedShort()));
        tables.put(new DeviceEntry(id, fleet, state, attributes, revocations));
    }

    private void certificate(DeviceId device) throws IOException {
        var sha256 = Fingerprint.of(HexFormat.of().formatHex(in.readNBytes(32)));
        var state = Codes.certificateState(in.readByte());
        var reason = Codes.revocationReason(in.readByte());
        var notBefore = Instant.ofEpochSecond(in.readLong());
        var notAfter = Instant.ofEpochSecond(in.readLong());
        tables.put(new CertificateEntry(sha256, device, state, reason, notBefore, notAfter));
    }

    private FleetName fleet() throws IOException {
        int number = in.readInt();
        if (number == fleets.size()) {
            fleets.add(FleetName.of(name(in.readUnsignedByte())));
        }
        if (number < 0 || number >= fleets.size()) {
            throw new CorruptReplicaException("a fleet that was never named");
        }
        return fleets.get(number);
    }

    private String name(int length) throws IOException {
        return new String(in.readNBytes(length), StandardCharsets.US_ASCII);
    }
}
