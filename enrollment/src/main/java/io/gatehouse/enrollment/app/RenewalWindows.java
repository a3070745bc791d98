package io.gatehouse.enrollment.app;

import io.gatehouse.enrollment.app.domain.DeviceCertificate;
import io.gatehouse.enrollment.app.domain.RenewalWindow;
import io.gatehouse.enrollment.app.port.View;

/** When a device should renew a certificate, orders to its fleet included. */
final class RenewalWindows {
    private RenewalWindows() {}

    /** Its own window, or that of an order when it begins earlier. */
    static RenewalWindow of(View view, DeviceCertificate certificate) {
        var own = RenewalWindow.of(certificate);
        return view.reissues()
                .due(certificate.sha256())
                .map(order -> RenewalWindow.of(certificate, order))
                .filter(ordered -> ordered.from().isBefore(own.from()))
                .orElse(own);
    }
}
