package io.gatehouse.enrollment.app;

import io.gatehouse.x509.Pkcs10Request;
import java.net.InetAddress;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** The subject and the alternative names of a certificate that somebody else issued, as far as a request can repeat them. */
final class ImportedNames {
    private static final int EMAIL = 1;
    private static final int DNS = 2;
    private static final int URI = 6;
    private static final int ADDRESS = 7;

    private final X509Certificate certificate;

    private ImportedNames(X509Certificate certificate) {
        this.certificate = certificate;
    }

    static ImportedNames of(X509Certificate certificate) {
        return new ImportedNames(certificate);
    }

    /** Whether the request's subject is empty or byte for byte this one, and its alternative names are absent or exactly these. */
    boolean areThoseOf(Pkcs10Request request) {
        boolean subject = request.subject().isEmpty()
                || Arrays.equals(
                        request.subject().der(),
                        certificate.getSubjectX500Principal().getEncoded());
        return subject && (!request.extensions().namesAnything() || alternativesAreThoseOf(request));
    }

    private boolean alternativesAreThoseOf(Pkcs10Request request) {
        var asked = request.extensions();
        try {
            var names = Optional.ofNullable(certificate.getSubjectAlternativeNames())
                    .orElse(List.of());
            int read = asked.emails().size()
                    + asked.dnsNames().size()
                    + asked.uris().size()
                    + asked.addresses().size();
            return asked.otherNames() == 0
                    && names.size() == read
                    && of(names, EMAIL).equals(asked.emails())
                    && of(names, DNS).equals(asked.dnsNames())
                    && of(names, URI).equals(asked.uris())
                    && of(names, ADDRESS)
                            .equals(asked.addresses().stream()
                                    .map(InetAddress::getHostAddress)
                                    .toList());
        } catch (CertificateParsingException e) {
            return false;
        }
    }

    private static List<String> of(Collection<List<?>> names, int kind) {
        return names.stream()
                .filter(name -> name.get(0).equals(kind))
                .map(name -> String.valueOf(name.get(1)))
                .toList();
    }
}
