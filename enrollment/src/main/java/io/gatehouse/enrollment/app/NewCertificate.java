package io.gatehouse.enrollment.app;

import io.gatehouse.enrollment.app.domain.DeviceCertificate;
import io.gatehouse.enrollment.app.domain.Fleet;
import io.gatehouse.enrollment.app.domain.Proof;
import io.gatehouse.enrollment.app.domain.RenewalWindow;
import io.gatehouse.enrollment.app.port.Issuer;
import io.gatehouse.identity.CertificateState;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.Fingerprint;
import io.gatehouse.x509.PublicKeys.SubjectKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A certificate that is signed but not yet in the registry. Nobody has seen it: when it does not get there it never existed, since
 * a certificate that is not in the registry opens nothing.
 */
@SuppressWarnings("ArrayRecordComponent") // lives for one request
record NewCertificate(DeviceCertificate certificate, byte[] der) {
    /** Clocks go behind: the certificate is good from a little earlier. */
    private static final Duration BACKDATED = Duration.ofMinutes(5);

    static NewCertificate issue(Issuer issuer, DeviceId device, Fleet fleet, SubjectKey key, Instant now) {
        var made = issuer.issueDeviceEncoded(device, key.publicKey(), now.minus(BACKDATED), now.plus(fleet.lifetime()));
        return new NewCertificate(
                new DeviceCertificate(
                        Fingerprint.sha256(made.der()),
                        device,
                        made.serial(),
                        made.issuer(),
                        CertificateState.VALID,
                        Optional.empty(),
                        Optional.empty(),
                        made.notBefore(),
                        made.notAfter(),
                        now,
                        key.fingerprint(),
                        false,
                        Proof.NONE,
                        false,
                        Optional.empty()),
                made.der());
    }

    Enrolled enrolled() {
        return new Enrolled(certificate.device(), der, RenewalWindow.of(certificate));
    }
}
