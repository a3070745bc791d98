package io.gatehouse.identity.policy;

import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.FleetName;
import java.util.Map;

/** Whom a decision is about: what the variables of a policy stand for. Immutable and thread-safe. */
public record PolicySubject(DeviceId device, FleetName fleet, Map<String, String> attributes) {
    public PolicySubject {
        attributes = Map.copyOf(attributes);
    }
}
