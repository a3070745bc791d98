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
        var sixth = life.dividedBy(6);
        return drawn(certificate, certificate.issuedAt().plus(life.dividedBy(2)), sixth, sixth);
    }

    /** A sixth of the time that an order gives, at a point drawn from the fingerprint; ends before the order does. */
    public static RenewalWindow of(DeviceCertificate certificate, Reissue order) {
        var sixth = Duration.between(order.startedAt(), order.until()).dividedBy(6);
        return drawn(certificate, order.startedAt(), sixth.multipliedBy(5), sixth);
    }

    /** Begins at a point of the spread that differs from certificate to certificate. */
    private static RenewalWindow drawn(DeviceCertificate certificate, Instant first, Duration spread, Duration length) {
        int draw = Integer.parseInt(certificate.sha256().hex().substring(0, 4), 16);
        var from = first.plusMillis(spread.toMillis() * draw / 0x10000);
        return new RenewalWindow(from, from.plus(length));
    }
}
