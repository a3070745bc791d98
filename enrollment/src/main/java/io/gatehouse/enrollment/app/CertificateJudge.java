package io.gatehouse.enrollment.app;

import io.gatehouse.enrollment.app.domain.Device;
import io.gatehouse.enrollment.app.domain.DeviceCertificate;
import io.gatehouse.enrollment.app.domain.Fleet;
import io.gatehouse.enrollment.app.domain.Outcome;
import io.gatehouse.enrollment.app.port.Issuer;
import io.gatehouse.enrollment.app.port.Registry;
import io.gatehouse.identity.RefusalReason;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * Judges the client certificate of a TLS connection whose handshake accepted anything: issuer, fitness, registry by fingerprint,
 * state and time. A certificate that is not in the registry is unknown, even when our own key signed it. Thread-safe.
 */
public final class CertificateJudge {
    public CertificateJudge(Registry registry, Issuer issuer, InstantSource clock) {}

    /** Which device this is, whatever state it is in; refused when the certificate is none that we issued. */
    public Outcome<Known> identify(List<X509Certificate> chain) {
        return Soon.soon();
    }

    /** As {@link #identify}, and refused unless certificate, device and fleet are good now. */
    public Outcome<Known> admit(List<X509Certificate> chain) {
        return Soon.soon();
    }

    /** A certificate of the registry with its device. {@code refusal} is why it is not good now, when it is not. */
    public record Known(Device device, Fleet fleet, DeviceCertificate certificate, Optional<RefusalReason> refusal) {}
}
