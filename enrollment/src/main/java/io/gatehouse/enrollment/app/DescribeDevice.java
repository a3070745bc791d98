package io.gatehouse.enrollment.app;

import io.gatehouse.enrollment.app.CertificateJudge.Known;
import io.gatehouse.enrollment.app.domain.Outcome;
import io.gatehouse.enrollment.app.domain.Proof;
import io.gatehouse.enrollment.app.domain.RenewalWindow;
import io.gatehouse.enrollment.app.port.Registry;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.FleetState;
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
    private final Registry registry;
    private final CertificateJudge judge;
    private final String brokerAddress;
    private final InstantSource clock;

    /** @param brokerAddress {@code mqtts://HOST:PORT} */
    public DescribeDevice(Registry registry, CertificateJudge judge, String brokerAddress, InstantSource clock) {
        this.registry = registry;
        this.judge = judge;
        this.brokerAddress = brokerAddress;
        this.clock = clock;
    }

    public Outcome<Description> describe(List<X509Certificate> chain) {
        return judge.identify(chain).map(known -> {
            var certificate = known.certificate();
            boolean unproven =
                    certificate.proof() != Proof.SERVICE && known.refusal().isEmpty();
            if (!unproven) {
                return description(known);
            }
            var proven = registry.write(transaction -> CertificateJudge.admit(
                            transaction, certificate.sha256(), clock.instant())
                    .then(still -> {
                        Successions.proven(transaction, still.certificate());
                        return Outcome.done(still);
                    }));
            // Refused only when its state changed in between; then that is what to tell.
            return proven instanceof Outcome.Refused<Known> refused
                    ? description(known, Optional.of(refused.reason()))
                    : description(known);
        });
    }

    private Description description(Known known) {
        var refusal = known.refusal();
        boolean retired = refusal.isEmpty() && known.certificate().retired();
        return description(known, retired ? Optional.of(RefusalReason.SUPERSEDED) : refusal);
    }

    private Description description(Known known, Optional<RefusalReason> reason) {
        var device = known.device();
        boolean fleetStands = known.fleet().state() == FleetState.ACTIVE;
        return new Description(
                device.id(),
                fleetStands || !device.shownState().equals("active") ? device.shownState() : "suspended",
                reason,
                window(known),
                brokerAddress,
                clock.instant());
    }

    /** At once, for who was reinstated, and for who is shut out by brokers only because one has reported a successor. */
    private RenewalWindow window(Known known) {
        var certificate = known.certificate();
        if (known.device().shownState().equals("reinstated")) {
            return at(known.device().updatedAt());
        }
        return known.refusal().isEmpty() && certificate.retired()
                ? at(certificate.issuedAt())
                : registry.read(view -> RenewalWindows.of(view, certificate));
    }

    private static RenewalWindow at(Instant moment) {
        return new RenewalWindow(moment, moment);
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
