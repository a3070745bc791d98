package io.gatehouse.enrollment.app.domain;

import java.time.Duration;
import java.time.Instant;

/** When a device should renew: a moment in this window, which differs from device to device so that no herd forms. */
public record RenewalWindow(Instant from, Instant until) {
    /**
     * Begins between a half and two thirds of the certificate's life, at a point drawn from its fingerprint, and lasts a sixth of
     * the life.
     */
    public static RenewalWindow of(DeviceCertificate certificate) {
        var life = Duration.between(certificate.issuedAt(), certificate.notAfter());
        int draw = Integer.parseInt(certificate.sha256().hex().substring(0, 4), 16);
        var from = certificate.issuedAt().plusMillis(life.toMillis() / 2 + life.toMillis() / 6 * draw / 0x10000);
        return new RenewalWindow(from, from.plusMillis(life.toMillis() / 6));
    }
}
