package io.gatehouse.enrollment.app;

import io.gatehouse.enrollment.app.domain.Outcome;
import io.gatehouse.identity.RefusalReason;

/**
 * EST simpleenroll: finds the way in by what the request proves. A claim goes before a certificate, which then must be of the same
 * device. Thread-safe.
 */
public final class EnrollDevice {
    private final EnrollByClaim byClaim;
    private final CertificateJudge judge;
    private final ReenrollDevice reenroll;
    private final FactoryEnrollment factory;

    public EnrollDevice(
            EnrollByClaim byClaim, CertificateJudge judge, ReenrollDevice reenroll, FactoryEnrollment factory) {
        this.byClaim = byClaim;
        this.judge = judge;
        this.reenroll = reenroll;
        this.factory = factory;
    }

    public Outcome<Enrolled> enroll(EnrollmentRequest request) {
        if (request.credentials().isPresent()) {
            return byClaim.enroll(request);
        }
        if (request.chain().isEmpty()) {
            return Outcome.refused(RefusalReason.NO_CREDENTIALS);
        }
        return judge.ours(request.chain()) ? reenroll.reenroll(request) : factory.enroll(request);
    }
}
