package io.gatehouse.enrollment.app;

import io.gatehouse.enrollment.app.domain.Outcome;
import io.gatehouse.enrollment.app.domain.RenewalWindow;
import io.gatehouse.enrollment.app.port.Registry;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.RefusalReason;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * What the service tells a device of itself. Answers also for expired, revoked and superseded certificates of ours. Asking with a
 * good certificate proves it: an older one of the device is superseded for good. Thread-safe.
 */
public final class DescribeDevice {
    /** @param brokerAddress {@code mqtts://HOST:PORT} */
    public DescribeDevice(Registry registry, CertificateJudge judge, String brokerAddress, InstantSource clock) {}

    public Outcome<Description> describe(List<X509Certificate> chain) {
        return Soon.soon();
    }

    /**
     * @param state as administrators see it
     * @param reason why this certificate does not open the door, when it does not
     */
    public record Description(
            DeviceId device,
            String state,
            Optional<RefusalReason> reason,
            RenewalWindow window,
            String broker,
            Instant time) {}
}
