package io.gatehouse.enrollment.app.port;

import io.gatehouse.x509.Certificates;
import java.math.BigInteger;
import java.security.cert.X509Certificate;
import java.time.Instant;

/**
 * A certificate that was just signed: its encoding and what the registry keeps of it, so that nobody need parse what this house has
 * written a moment ago.
 *
 * @param der not to be changed
 * @param issuer the issuer's name as RFC 2253 writes it
 */
@SuppressWarnings("ArrayRecordComponent") // compared nowhere
public record IssuedCertificate(byte[] der, BigInteger serial, String issuer, Instant notBefore, Instant notAfter) {
    public static IssuedCertificate of(X509Certificate certificate) {
        return new IssuedCertificate(
                Certificates.der(certificate),
                certificate.getSerialNumber(),
                certificate.getIssuerX500Principal().getName(),
                certificate.getNotBefore().toInstant(),
                certificate.getNotAfter().toInstant());
    }
}
