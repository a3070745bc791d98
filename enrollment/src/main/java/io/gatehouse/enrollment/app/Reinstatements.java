package io.gatehouse.enrollment.app;

import io.gatehouse.enrollment.app.domain.Device;
import io.gatehouse.enrollment.app.port.View;
import io.gatehouse.identity.DeviceState;
import io.gatehouse.identity.Fingerprint;

/**
 * A revoked device that an administrator has reinstated: the key that it had when it was revoked may enroll once more, and no other.
 * What is revoked stays so.
 */
final class Reinstatements {
    private Reinstatements() {}

    /** Whether this key may now get a certificate although it is barred. */
    static boolean permits(View view, Device device, Fingerprint key) {
        return device.reinstated()
                && device.state() == DeviceState.ACTIVE
                && device.revokedAt()
                        .filter(revoked -> view.keyRevokedWith(device.id(), key, revoked))
                        .isPresent();
    }
}
