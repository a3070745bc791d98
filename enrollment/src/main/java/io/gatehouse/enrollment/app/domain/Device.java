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
 * @param reinstated revoked, but the key that it had may enroll once more
 * @param revocations how often it was revoked or decommissioned as a whole; brokers throw its sessions away when this rises
 */
public record Device(
        DeviceId id,
        FleetName fleet,
        DeviceState state,
        Map<String, String> attributes,
        Optional<Instant> revokedAt,
        boolean reinstated,
        int revocations,
        Instant createdAt,
        Instant updatedAt) {
    public Device {
        attributes = java.util.Collections.unmodifiableMap(new TreeMap<>(attributes));
    }

    /** One that nobody has reinstated. */
    public Device(
            DeviceId id,
            FleetName fleet,
            DeviceState state,
            Map<String, String> attributes,
            Optional<Instant> revokedAt,
            int revocations,
            Instant createdAt,
            Instant updatedAt) {
        this(id, fleet, state, attributes, revokedAt, false, revocations, createdAt, updatedAt);
    }

    /**
     * The state as people see it: that of the registry, but {@code revoked} for an active device that was revoked, and
     * {@code reinstated} when its key may enroll once more.
     */
    public String shownState() {
        if (state != DeviceState.ACTIVE || revokedAt.isEmpty()) {
            return state.word();
        }
        return reinstated ? "reinstated" : "revoked";
    }

    public Device withState(DeviceState newState, Instant now) {
        return new Device(id, fleet, newState, attributes, revokedAt, reinstated, revocations, createdAt, now);
    }

    /** Revoked as a whole, now. */
    public Device revoked(Instant now) {
        return new Device(id, fleet, state, attributes, Optional.of(now), false, revocations + 1, createdAt, now);
    }

    /** Revoked as before, and a reinstatement that was not used yet is taken back. */
    public Device stillRevoked(Instant now) {
        return new Device(id, fleet, state, attributes, revokedAt, false, revocations, createdAt, now);
    }

    /** Enrolled anew after it was revoked. */
    public Device readmitted(Instant now) {
        return new Device(id, fleet, state, attributes, Optional.empty(), false, revocations, createdAt, now);
    }

    /** Still revoked, and its key may enroll once more. */
    public Device reinstate(Instant now) {
        return new Device(id, fleet, state, attributes, revokedAt, true, revocations, createdAt, now);
    }

    public Device with(FleetName newFleet, Map<String, String> newAttributes, Instant now) {
        return new Device(id, newFleet, state, newAttributes, revokedAt, reinstated, revocations, createdAt, now);
    }
}
