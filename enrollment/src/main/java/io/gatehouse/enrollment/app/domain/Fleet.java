package io.gatehouse.enrollment.app.domain;

import io.gatehouse.identity.FleetKind;
import io.gatehouse.identity.FleetName;
import io.gatehouse.identity.FleetState;
import io.gatehouse.identity.policy.Policy;
import java.time.Duration;
import java.time.Instant;

/**
 * A fleet: certificate profile, topic policy and limits of its devices.
 *
 * @param lifetime how long a new certificate is good for, from its issue; PT5S or longer
 * @param sessionsMax how many sessions a device may have on one broker, 1 or more
 * @param version rises with every change of the fleet; starts at 1
 */
public record Fleet(
        FleetName name,
        FleetKind kind,
        FleetState state,
        Duration lifetime,
        int sessionsMax,
        Policy policy,
        long version,
        Instant createdAt) {
    public Fleet withState(FleetState newState) {
        return new Fleet(name, kind, newState, lifetime, sessionsMax, policy, version + 1, createdAt);
    }

    public Fleet withPolicy(Policy newPolicy) {
        return new Fleet(name, kind, state, lifetime, sessionsMax, newPolicy, version + 1, createdAt);
    }

    public Fleet withLimits(Duration newLifetime, int newSessionsMax, Policy newPolicy) {
        return new Fleet(name, kind, state, newLifetime, newSessionsMax, newPolicy, version + 1, createdAt);
    }
}
