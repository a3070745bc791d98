package io.gatehouse.enrollment.app.imports;

import io.gatehouse.identity.Fingerprint;
import io.gatehouse.identity.RefusalReason;
import io.gatehouse.x509.Certificates;
import io.gatehouse.x509.Pem;
import io.gatehouse.x509.der.MalformedException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;

/**
 * A device's certificate that somebody else issued. It is judged by what a broker's TLS will say of it, not by our profile: names,
 * lifetime and serial are its issuer's business. Immutable.
 */
record ForeignCertificate(X509Certificate certificate, Fingerprint sha256, Fingerprint key) {
    static final int LARGEST = 16 * 1024;

    private static final int DIGITAL_SIGNATURE = 0;
    private static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
    private static final String ANY = "2.5.29.37.0";

    /** The certificate in the text, PEM or base64 of DER; nothing when it is none. */
    static Optional<ForeignCertificate> read(String text) {
        if (text.length() > 2 * LARGEST) {
            return Optional.empty();
        }
        try {
            var certificate = text.contains("-----BEGIN")
                    ? Pem.certificate(text)
                    : Certificates.parse(Base64.getMimeDecoder().decode(text));
            var der = Certificates.der(certificate);
            return der.length > LARGEST
                    ? Optional.empty()
                    : Optional.of(new ForeignCertificate(
                            certificate,
                            Fingerprint.sha256(der),
                            Certificates.keyFingerprint(certificate.getPublicKey())));
        } catch (MalformedException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Who issued it; or why it can open nothing. */
    Issued issued(ForeignAuthorities authorities, boolean weak, Instant now) {
        var flaw = use().or(() -> time(now)).or(() -> Strength.flaw(certificate, weak));
        return flaw.map(Issued::not).orElseGet(() -> issuer(authorities, now));
    }

    /** One of the two. */
    record Issued(Optional<X509Certificate> by, Optional<Flaw> flaw) {
        private static Issued not(Flaw flaw) {
            return new Issued(Optional.empty(), Optional.of(flaw));
        }
    }

    private Optional<Flaw> use() {
        if (certificate.getBasicConstraints() >= 0) {
            return bad("CA:TRUE", "this is the certificate of an authority, not of a device");
        }
        var usage = certificate.getKeyUsage();
        if (usage != null && !usage[DIGITAL_SIGNATURE]) {
            return bad("key usage without digitalSignature", "no TLS client can prove itself with it");
        }
        try {
            var extended = certificate.getExtendedKeyUsage();
            if (extended != null && !extended.contains(CLIENT_AUTH) && !extended.contains(ANY)) {
                return bad(
                        "extended key usage " + String.join(" ", extended),
                        "brokers refuse it: it needs clientAuth, or no extended key usage at all");
            }
        } catch (CertificateParsingException e) {
            return bad("extended key usage", "it cannot be read");
        }
        return certificate.hasUnsupportedCriticalExtension()
                ? bad(unknown(certificate.getCriticalExtensionOIDs()), "a critical extension that brokers do not know")
                : Optional.empty();
    }

    private static String unknown(Set<String> critical) {
        return "critical extensions " + String.join(" ", critical);
    }

    private Optional<Flaw> time(Instant now) {
        var until = certificate.getNotAfter().toInstant();
        if (until.isBefore(certificate.getNotBefore().toInstant())) {
            return bad(until.toString(), "it ends before it begins");
        }
        return now.isAfter(until)
                ? Optional.of(Flaw.certificate(
                        until.toString(),
                        RefusalReason.EXPIRED,
                        "the certificate has expired; enroll this device anew with a claim"))
                : Optional.empty();
    }

    private Issued issuer(ForeignAuthorities authorities, Instant now) {
        var begin = certificate.getNotBefore().toInstant();
        try {
            var issuer = authorities.issuerOf(certificate, begin.isAfter(now) ? begin : now);
            return issuer.isPresent()
                    ? new Issued(issuer, Optional.empty())
                    : Issued.not(
                            Flaw.certificate(
                                    certificate.getIssuerX500Principal().getName(),
                                    RefusalReason.UNKNOWN_ISSUER,
                                    "it is not signed by a CA of this import; name the CA that issued it, not the root above that"));
        } catch (CertPathValidatorException e) {
            return Issued.not(Flaw.certificate(
                    String.valueOf(e.getMessage()),
                    RefusalReason.BAD_CERTIFICATE,
                    "Java's path check, which brokers use, refuses it"));
        }
    }

    private static Optional<Flaw> bad(String value, String detail) {
        return Optional.of(Flaw.certificate(value, RefusalReason.BAD_CERTIFICATE, detail));
    }
}
