package io.gatehouse.admission.replica;

import io.gatehouse.admission.feed.Entry;
import io.gatehouse.admission.feed.FeedLine;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.Fingerprint;
import io.gatehouse.identity.FleetName;
import java.util.HashSet;
import java.util.Set;

/** Gathers what entries touch while they are put in. Not thread-safe. */
final class Touched {
    private final Set<DeviceId> devices = new HashSet<>();
    private final Set<Fingerprint> certificates = new HashSet<>();
    private final Set<FleetName> fleets = new HashSet<>();
    private final Set<DeviceId> purged = new HashSet<>();
    private boolean authorities;

    /** Notes what the entry is going to touch, before it is put in. */
    void note(Tables before, Entry entry) {
        if (entry instanceof Entry.DeviceEntry device) {
            devices.add(device.id());
            if (before.isPurgedBy(device)) {
                purged.add(device.id());
            }
        } else if (entry instanceof Entry.CertificateEntry certificate) {
            certificates.add(certificate.sha256());
        } else if (entry instanceof Entry.FleetEntry fleet) {
            fleets.add(fleet.name());
        } else if (entry instanceof Entry.AuthorityEntry || entry instanceof Entry.AuthorityRemoved) {
            authorities = true;
        } else if (entry instanceof Entry.DeviceRemoved removed) {
            devices.add(removed.id());
            purged.add(removed.id());
        } else if (entry instanceof Entry.CertificateRemoved removed) {
            certificates.add(removed.sha256());
        }
    }

    Applied applied(FeedLine.Change change) {
        return new Applied(
                change.revision(),
                false,
                devices,
                certificates,
                fleets,
                authorities,
                purged,
                new HashSet<>(change.kicked()));
    }
}
