package io.gatehouse.admission.replica;

import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.Fingerprint;
import io.gatehouse.identity.FleetName;
import java.util.Set;

/**
 * What a change or a snapshot touched, for those who hold sessions. {@code full}: everything may have changed, and the three sets say
 * nothing. {@code purged} (in both cases): the device was revoked or decommissioned as a whole, so its sessions and queues are thrown
 * away, whoever holds them. {@code kicked}: the ids of sessions that an administrator ends. Immutable.
 */
public record Applied(
        long revision,
        boolean full,
        Set<DeviceId> devices,
        Set<Fingerprint> certificates,
        Set<FleetName> fleets,
        boolean authorities,
        Set<DeviceId> purged,
        Set<String> kicked) {
    public Applied {
        devices = Set.copyOf(devices);
        certificates = Set.copyOf(certificates);
        fleets = Set.copyOf(fleets);
        purged = Set.copyOf(purged);
        kicked = Set.copyOf(kicked);
    }

    /** Everything may have changed, and these devices were purged. */
    public static Applied full(long revision, Set<DeviceId> purged) {
        return new Applied(revision, true, Set.of(), Set.of(), Set.of(), true, purged, Set.of());
    }
}
