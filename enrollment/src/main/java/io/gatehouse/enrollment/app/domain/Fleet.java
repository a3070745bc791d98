package io.gatehouse.enrollment.app.domain;

import io.gatehouse.identity.FleetKind;
import io.gatehouse.identity.FleetName;
import io.gatehouse.identity.FleetState;
import io.gatehouse.identity.policy.Policy;
import java.time.Duration;
import java.time.Instant;

/**
 * A fleet: certificate profile, topic policy, enrollment rules and limits of its devices.
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
        EnrollmentRules rules,
        long version,
        Instant createdAt) {
    public Fleet withState(FleetState newState) {
        return new Fleet(name, kind, newState, lifetime, sessionsMax, policy, rules, version + 1, createdAt);
    }

    public Fleet withPolicy(Policy newPolicy) {
        return new Fleet(name, kind, state, lifetime, sessionsMax, newPolicy, rules, version + 1, createdAt);
    }

    public Fleet with(Duration newLifetime, int newSessionsMax, Policy newPolicy, EnrollmentRules newRules) {
        return new Fleet(name, kind, state, newLifetime, newSessionsMax, newPolicy, newRules, version + 1, createdAt);
    }
}
