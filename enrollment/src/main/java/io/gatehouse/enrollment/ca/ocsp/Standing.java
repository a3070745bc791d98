package io.gatehouse.enrollment.ca.ocsp;

import io.gatehouse.enrollment.app.domain.CertificateStatus;
import io.gatehouse.x509.der.DerTag;
import io.gatehouse.x509.der.DerWriter;
import java.time.Instant;
import java.util.Optional;

/** What is answered about one certificate (RFC 6960, section 2.2). */
sealed interface Standing {
    /** In force, also when a newer certificate of its device has taken its place. */
    record Good() implements Standing {}

    /**
     * Revoked or on hold.
     *
     * @param reasonCode as in a CRL; 0 is not written
     */
    record Revoked(Instant since, int reasonCode) implements Standing {}

    /**
     * Asked after under one of our authorities, but not in the registry: forged with a stolen key, if it exists at all. Answered as
     * revoked since 1970 and on hold, which RFC 6960 provides for this; {@code unknown} would send verifiers to the CRL, which cannot
     * list it.
     */
    record NeverIssued() implements Standing {}

    /** Issued by somebody else. */
    record Unknown() implements Standing {}

    int CERTIFICATE_HOLD = 6;

    /** The standing of a certificate that the registry has, or has not. */
    static Standing of(Optional<CertificateStatus> status) {
        if (status.isEmpty()) {
            return new NeverIssued();
        }
        var reasonCode = status.get().reasonCode();
        return status.get()
                .since()
                .<Standing>map(since -> new Revoked(since, reasonCode))
                .orElseGet(Good::new);
    }

    /** The DER of CertStatus; a revocation by a clock that was ahead is not told to be in the future. */
    default byte[] der(Instant now) {
        if (this instanceof Revoked revoked) {
            var since = revoked.since().isAfter(now) ? now : revoked.since();
            return revoked(since, revoked.reasonCode());
        }
        if (this instanceof NeverIssued) {
            return revoked(Instant.EPOCH, CERTIFICATE_HOLD);
        }
        return DerWriter.primitive(this instanceof Good ? 0 : 2, new byte[0]);
    }

    private static byte[] revoked(Instant since, int reasonCode) {
        var time = DerWriter.generalizedTime(since);
        if (reasonCode == 0) {
            return DerWriter.constructed(1, time);
        }
        var reason = DerWriter.element(DerTag.ENUMERATED, new byte[] {(byte) reasonCode});
        return DerWriter.constructed(1, time, DerWriter.constructed(0, reason));
    }
}
