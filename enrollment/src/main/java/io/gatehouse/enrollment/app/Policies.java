package io.gatehouse.enrollment.app;

import io.gatehouse.enrollment.app.domain.Actor;
import io.gatehouse.enrollment.app.domain.Fleet;
import io.gatehouse.enrollment.app.domain.Outcome;
import io.gatehouse.enrollment.app.port.Registry;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.FleetName;
import io.gatehouse.identity.policy.Policy;
import io.gatehouse.identity.policy.Rule;
import java.util.Optional;

/** Replaces a fleet's topic policy, and says which rule decides. Thread-safe. */
public final class Policies {
    public Policies(Registry registry) {}

    /** With {@code ifVersion}, only when the fleet still has that version; else CONFLICT. */
    public Outcome<Fleet> put(Actor actor, FleetName fleet, Policy policy, Optional<Long> ifVersion) {
        return Soon.soon();
    }

    public Outcome<Explanation> explainPublish(DeviceId device, String topic) {
        return Soon.soon();
    }

    public Outcome<Explanation> explainSubscribe(DeviceId device, String filter) {
        return Soon.soon();
    }

    /** The rule that allows it; none means no. */
    public record Explanation(Optional<Rule> rule) {
        public boolean allowed() {
            return rule.isPresent();
        }
    }
}
