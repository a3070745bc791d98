package io.gatehouse.enrollment.app;

import io.gatehouse.enrollment.app.domain.DeviceCertificate;
import io.gatehouse.enrollment.app.domain.Listing;
import io.gatehouse.enrollment.app.domain.Outcome;
import io.gatehouse.enrollment.app.port.Registry;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.Fingerprint;
import io.gatehouse.identity.RefusalReason;
import java.math.BigInteger;
import java.util.Optional;

/** Shows certificates of devices. Thread-safe. */
public final class CertificateLists {
    private final Registry registry;

    public CertificateLists(Registry registry) {
        this.registry = registry;
    }

    /** The newest first; the cursor is the fingerprint of the last one. */
    public Outcome<Listing<DeviceCertificate>> list(
            Optional<DeviceId> device, Optional<BigInteger> serial, Optional<Fingerprint> after, int limit) {
        return registry.read(view -> {
            if (after.isPresent() && view.certificate(after.get()).isEmpty()) {
                return Outcome.refused(RefusalReason.BAD_REQUEST, "after: not a cursor of this list");
            }
            var found = view.certificates(device, serial, after, limit + 1);
            return Outcome.done(
                    Listing.of(found, limit, certificate -> certificate.sha256().hex()));
        });
    }

    /** A certificate with its encoding. */
    @SuppressWarnings("ArrayRecordComponent") // shown, never compared
    public record Detail(DeviceCertificate certificate, byte[] der) {}

    public Outcome<Detail> get(Fingerprint sha256) {
        return registry.read(view -> view.certificate(sha256)
                .map(found -> found.adopted()
                        ? Outcome.<Detail>refused(
                                RefusalReason.CONFLICT,
                                "it is known by its fingerprint alone until its device shows it to the service")
                        : Outcome.done(new Detail(found, view.der(sha256))))
                .orElseGet(() -> Outcome.refused(RefusalReason.UNKNOWN_CERTIFICATE)));
    }
}
