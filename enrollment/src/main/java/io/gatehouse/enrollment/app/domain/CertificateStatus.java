package io.gatehouse.enrollment.app.domain;

import io.gatehouse.identity.CertificateState;
import io.gatehouse.identity.RevocationReason;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Optional;

/**
 * What relying parties are told of a certificate, by CRL and OCSP.
 *
 * @param issuer the issuer's name as {@link DeviceCertificate#issuer} has it
 * @param since when it was revoked or put on hold; present when, and only when, it is
 * @param reasonCode the CRLReason (RFC 5280, section 5.3.1): 6 on hold, 0 when none is to be said; meaningless when it is neither
 */
public record CertificateStatus(
        String issuer, BigInteger serial, Instant notAfter, Optional<Instant> since, int reasonCode) {
    private static final int CERTIFICATE_HOLD = 6;

    /** The status of a certificate of the registry. A superseded one still counts: its device has simply a newer one. */
    public static CertificateStatus of(DeviceCertificate certificate) {
        return of(
                certificate.issuer(),
                certificate.serial(),
                certificate.notAfter(),
                certificate.state(),
                certificate.reason(),
                certificate.since());
    }

    /** The same of its parts. */
    public static CertificateStatus of(
            String issuer,
            BigInteger serial,
            Instant notAfter,
            CertificateState state,
            Optional<RevocationReason> reason,
            Optional<Instant> since) {
        return switch (state) {
            case REVOKED ->
                new CertificateStatus(
                        issuer,
                        serial,
                        notAfter,
                        Optional.of(since.orElse(Instant.EPOCH)),
                        reason.map(RevocationReason::code).orElse(0));
            case HELD ->
                new CertificateStatus(
                        issuer, serial, notAfter, Optional.of(since.orElse(Instant.EPOCH)), CERTIFICATE_HOLD);
            default -> new CertificateStatus(issuer, serial, notAfter, Optional.empty(), 0);
        };
    }

    /** Whether it is revoked or on hold: on the CRL until it has ended. */
    public boolean listed() {
        return since.isPresent();
    }
}
