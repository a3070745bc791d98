package io.gatehouse.enrollment.app;

import io.gatehouse.enrollment.app.domain.Outcome;
import io.gatehouse.identity.RefusalReason;

/**
 * EST simpleenroll: finds the way in by what the request proves. A claim goes before a certificate, which then must be of the same
 * device. Thread-safe.
 */
public final class EnrollDevice {
    private final EnrollByClaim byClaim;
    private final ReenrollDevice reenroll;

    public EnrollDevice(EnrollByClaim byClaim, ReenrollDevice reenroll) {
        this.byClaim = byClaim;
        this.reenroll = reenroll;
    }

    public Outcome<Enrolled> enroll(EnrollmentRequest request) {
        if (request.credentials().isPresent()) {
            return byClaim.enroll(request);
        }
        return request.chain().isEmpty() ? Outcome.refused(RefusalReason.NO_CREDENTIALS) : reenroll.reenroll(request);
    }
}
