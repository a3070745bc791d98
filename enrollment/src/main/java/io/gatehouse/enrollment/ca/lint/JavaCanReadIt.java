package io.gatehouse.enrollment.ca.lint;

import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Optional;

/** A second opinion: the JDK, which shares no code with what assembled the certificate, can read it and finds no unknown critical extension. */
final class JavaCanReadIt implements LintRule {
    @Override
    public Optional<String> fault(Candidate candidate) {
        try {
            var certificate = (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(candidate.encoded()));
            return LintRule.unless(
                    !certificate.hasUnsupportedCriticalExtension(),
                    "there is a critical extension that Java does not know");
        } catch (CertificateException e) {
            return Optional.of("Java cannot read it");
        }
    }
}
