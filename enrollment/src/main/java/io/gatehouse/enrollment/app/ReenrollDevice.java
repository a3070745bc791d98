package io.gatehouse.enrollment.app;

import io.gatehouse.enrollment.app.domain.Outcome;
import io.gatehouse.enrollment.app.port.Issuer;
import io.gatehouse.enrollment.app.port.Registry;
import java.time.InstantSource;

/** EST simplereenroll: a successor for the certificate of the TLS connection. Thread-safe. */
public final class ReenrollDevice {
    public ReenrollDevice(Registry registry, Issuer issuer, CertificateJudge judge, InstantSource clock) {}

    /** The current certificate stays good until the device has proven the new one; there is at most one unproven successor. */
    public Outcome<Enrolled> reenroll(EnrollmentRequest request) {
        return Soon.soon();
    }
}
