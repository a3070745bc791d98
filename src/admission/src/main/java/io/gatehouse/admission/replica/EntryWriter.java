package io.gatehouse.admission.replica;

import io.gatehouse.admission.feed.Entry;
import io.gatehouse.admission.feed.Entry.CertificateEntry;
import io.gatehouse.admission.feed.Entry.DeviceEntry;
import io.gatehouse.admission.feed.FeedCodec;
import io.gatehouse.identity.FleetName;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * Writes all entries of tables that are in use: a page at a time under the directory's lock, so that nobody waits longer than for one
 * page. The few authorities and fleets as lines of the feed, the many devices and certificates in a compact form.
 */
final class EntryWriter {
    private final DataOutputStream out;
    private final Directory directory;
    private final Tables tables;
    private final Map<FleetName, Integer> fleetNumbers = new HashMap<>();

    EntryWriter(DataOutputStream out, Directory directory, Tables tables) {
        this.out = out;
        this.directory = directory;
        this.tables = tables;
    }

    void writeAll() throws IOException {
        var lines = new ArrayList<Entry>();
        directory.guarded(tables, t -> {
            lines.addAll(t.authorities());
            t.allFleets().forEach(fleet -> lines.add(fleet.entry()));
            return lines;
        });
        out.writeInt(lines.size());
        for (Entry line : lines) {
            byte[] bytes = FeedCodec.write(line);
            out.writeInt(bytes.length);
            out.write(bytes);
        }
        int devices = directory.guarded(tables, t -> t.devices.slotEnd());
        for (int slot = 0; slot < devices; slot += Slots.PAGE) {
            for (DeviceEntry device : page(slot, devices, tables.devices::entry)) {
                device(device);
            }
        }
        out.writeByte(0);
        int certificates = directory.guarded(tables, t -> t.certificates.slotEnd());
        for (int slot = 0; slot < certificates; slot += Slots.PAGE) {
            for (CertificateEntry certificate : page(slot, certificates, tables.certificates::entry)) {
                certificate(certificate);
            }
        }
        out.writeByte(0);
    }

    private <T> List<T> page(int from, int end, IntFunction<Optional<T>> entry) {
        return directory.guarded(tables, t -> {
            var entries = new ArrayList<T>(Slots.PAGE);
            for (int slot = from; slot < Math.min(end, from + Slots.PAGE); slot++) {
                entry.apply(slot).ifPresent(entries::add);
            }
            return entries;
        });
    }

    private void device(DeviceEntry device) throws IOException {
        name(device.id().value());
        fleet(device.fleet());
        out.writeByte(Codes.of(device.state()));
        out.writeInt(device.revocations());
        byte[] attributes = PackedAttributes.pack(device.attributes());
        out.writeShort(attributes.length);
        out.write(attributes);
    }

    private void certificate(CertificateEntry certificate) throws IOException {
        name(certificate.device().value());
        out.write(certificate.sha256().bytes());
        out.writeByte(Codes.of(certificate.state()));
        out.writeByte(Codes.of(certificate.reason()));
        out.writeLong(certificate.notBefore().getEpochSecond());
        out.writeLong(certificate.notAfter().getEpochSecond());
    }

    /** The length, 1 to 64, and the characters; a length of 0 ends a list. */
    private void name(String name) throws IOException {
        byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
        out.writeByte(bytes.length);
        out.write(bytes);
    }

    /** A fleet's name where it is met first, its number from then on. */
    private void fleet(FleetName fleet) throws IOException {
        Integer number = fleetNumbers.get(fleet);
        if (number == null) {
            out.writeInt(fleetNumbers.size());
            fleetNumbers.put(fleet, fleetNumbers.size());
            name(fleet.value());
        } else {
            out.writeInt(number);
        }
    }
}
