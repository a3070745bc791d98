package io.gatehouse.enrollment.app;

import io.gatehouse.enrollment.app.domain.Outcome;
import io.gatehouse.enrollment.app.port.Issuer;
import io.gatehouse.enrollment.app.port.Registry;
import java.time.InstantSource;

/** EST simpleenroll: a certificate for a claim, or for a current certificate by the rules of {@link ReenrollDevice}. Thread-safe. */
public final class EnrollDevice {
    public EnrollDevice(
            Registry registry,
            Issuer issuer,
            CertificateJudge judge,
            ReenrollDevice reenroll,
            Throttle throttle,
            InstantSource clock) {}

    /** Power-cut safe: the same claim with the same key gets the same certificate again for as long as that is valid. */
    public Outcome<Enrolled> enroll(EnrollmentRequest request) {
        return Soon.soon();
    }
}
