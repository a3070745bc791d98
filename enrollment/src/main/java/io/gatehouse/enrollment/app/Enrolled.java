package io.gatehouse.enrollment.app;

import io.gatehouse.enrollment.app.domain.DeviceCertificate;
import io.gatehouse.enrollment.app.domain.RenewalWindow;
import io.gatehouse.enrollment.app.port.View;
import io.gatehouse.identity.DeviceId;

/** A certificate for a device, its DER, and when to renew it. */
@SuppressWarnings("ArrayRecordComponent") // sent, never compared
public record Enrolled(DeviceId device, byte[] der, RenewalWindow window) {
    /** One that is in the registry. */
    static Enrolled of(View view, DeviceCertificate certificate) {
        return new Enrolled(certificate.device(), view.der(certificate.sha256()), RenewalWindows.of(view, certificate));
    }
}
