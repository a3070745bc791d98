package io.gatehouse.enrollment.app;

import io.gatehouse.enrollment.app.domain.Device;
import io.gatehouse.enrollment.app.domain.Fleet;
import io.gatehouse.identity.DeviceState;
import io.gatehouse.identity.FleetState;
import io.gatehouse.identity.RefusalReason;
import java.util.Optional;

/** What the state of a device or a fleet stands in the way of. */
final class DeviceRules {
    private DeviceRules() {}

    /** Why a device in this state may neither connect nor enroll; nothing when it may. */
    static Optional<RefusalReason> refusal(Device device) {
        return switch (device.state()) {
            case ACTIVE -> Optional.empty();
            case PENDING -> Optional.of(RefusalReason.PENDING);
            case SUSPENDED -> Optional.of(RefusalReason.SUSPENDED);
            case REJECTED -> Optional.of(RefusalReason.REJECTED);
            case DECOMMISSIONED -> Optional.of(RefusalReason.DECOMMISSIONED);
        };
    }

    /** Whether it has never been let in: it waits for approval, or was rejected. */
    static boolean unsettled(Device device) {
        return device.state() == DeviceState.PENDING || device.state() == DeviceState.REJECTED;
    }

    /** Why no device of a fleet in this state may connect or enroll; nothing when they may. */
    static Optional<RefusalReason> refusal(Fleet fleet) {
        return fleet.state() == FleetState.SUSPENDED ? Optional.of(RefusalReason.SUSPENDED) : Optional.empty();
    }
}
