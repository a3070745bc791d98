package io.gatehouse.identity.policy;

import io.gatehouse.identity.FleetKind;

/** What a new fleet's members may do until somebody says otherwise. */
public final class DefaultPolicies {
    private static final Policy DEVICE = Policy.of(
            Rule.publishing("devices/${device}/telemetry/#"), Rule.subscribing("devices/${device}/commands/#"));

    private DefaultPolicies() {}

    /** Devices: their own telemetry and commands. Applications: nothing. */
    public static Policy of(FleetKind kind) {
        return switch (kind) {
            case DEVICE -> DEVICE;
            case APPLICATION -> Policy.NONE;
        };
    }
}
