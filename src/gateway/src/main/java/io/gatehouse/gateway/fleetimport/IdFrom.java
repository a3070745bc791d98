package io.gatehouse.gateway.fleetimport;

import io.gatehouse.x509.Certificates;
import io.gatehouse.x509.Subject;
import io.gatehouse.x509.der.MalformedException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/** Which part of a certificate names its device. */
public enum IdFrom {
    /** The subject's only common name. */
    CN("cn"),
    /** The subject's only serialNumber attribute (2.5.4.5), as IEEE 802.1AR has it; not the certificate's serial. */
    SERIAL_NUMBER("serialNumber"),
    /** What is behind the last slash or colon of the only URI. */
    URI("uri");

    private static final String COMMON_NAME = "2.5.4.3";
    private static final String SERIAL = "2.5.4.5";

    private final String word;

    IdFrom(String word) {
        this.word = word;
    }

    public String word() {
        return word;
    }

    /** The id, when the certificate has it exactly once. It need not be a valid one. */
    Optional<String> of(X509Certificate certificate) {
        return switch (this) {
            case CN -> attribute(certificate, COMMON_NAME);
            case SERIAL_NUMBER -> attribute(certificate, SERIAL);
            case URI -> {
                List<String> uris = Certificates.uris(certificate);
                yield uris.size() == 1 ? Optional.of(last(uris.get(0))) : Optional.empty();
            }
        };
    }

    private static String last(String uri) {
        return uri.substring(Math.max(uri.lastIndexOf('/'), uri.lastIndexOf(':')) + 1);
    }

    private static Optional<String> attribute(X509Certificate certificate, String oid) {
        try {
            List<String> found = Subject.parse(
                            certificate.getSubjectX500Principal().getEncoded())
                    .attributes()
                    .stream()
                    .filter(attribute -> attribute.oid().equals(oid))
                    .map(Subject.Attribute::value)
                    .toList();
            return found.size() == 1 ? Optional.of(found.get(0)) : Optional.empty();
        } catch (MalformedException e) {
            return Optional.empty();
        }
    }
}
