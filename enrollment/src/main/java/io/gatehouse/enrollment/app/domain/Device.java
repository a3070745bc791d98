package io.gatehouse.enrollment.app.domain;

import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.DeviceState;
import io.gatehouse.identity.FleetName;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A device, or an application in a fleet of that kind.
 *
 * @param revokedAt when the device as a whole was revoked; empty again once it has enrolled anew
 * @param revocations how often it was revoked or decommissioned as a whole; brokers throw its sessions away when this rises
 */
public record Device(
        DeviceId id,
        FleetName fleet,
        DeviceState state,
        Map<String, String> attributes,
        Optional<Instant> revokedAt,
        int revocations,
        Instant createdAt,
        Instant updatedAt) {
    public Device {
        attributes = java.util.Collections.unmodifiableMap(new TreeMap<>(attributes));
    }

    /** The state as people see it: that of the registry, but {@code revoked} for an active device that was revoked. */
    public String shownState() {
        return state == DeviceState.ACTIVE && revokedAt.isPresent() ? "revoked" : state.word();
    }

    public Device withState(DeviceState newState, Instant now) {
        return new Device(id, fleet, newState, attributes, revokedAt, revocations, createdAt, now);
    }

    /** Revoked as a whole, now. */
    public Device revoked(Instant now) {
        return new Device(id, fleet, state, attributes, Optional.of(now), revocations + 1, createdAt, now);
    }

    /** Enrolled anew after it was revoked. */
    public Device readmitted(Instant now) {
        return new Device(id, fleet, state, attributes, Optional.empty(), revocations, createdAt, now);
    }

    public Device with(FleetName newFleet, Map<String, String> newAttributes, Instant now) {
        return new Device(id, newFleet, state, newAttributes, revokedAt, revocations, createdAt, now);
    }
}
