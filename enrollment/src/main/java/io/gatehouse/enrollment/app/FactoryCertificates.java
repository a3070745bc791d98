package io.gatehouse.enrollment.app;

import io.gatehouse.enrollment.app.domain.FactoryRule.IdSource;
import io.gatehouse.enrollment.app.domain.Outcome;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.RefusalReason;
import io.gatehouse.x509.Parsed;
import io.gatehouse.x509.PublicKeys;
import io.gatehouse.x509.Subject;
import io.gatehouse.x509.der.MalformedException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What a factory certificate and its authorities must be like, beyond the path (IEEE 802.1AR; RFC 5280, section 4.2.1). */
final class FactoryCertificates {
    private static final Set<String> SIGNATURES = Set.of(
            "1.2.840.10045.4.3.2", // ECDSA with SHA-256, -384, -512
            "1.2.840.10045.4.3.3",
            "1.2.840.10045.4.3.4",
            "1.2.840.113549.1.1.11", // RSA with SHA-256, -384, -512
            "1.2.840.113549.1.1.12",
            "1.2.840.113549.1.1.13",
            "1.3.101.112"); // Ed25519
    private static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
    private static final String ANY_EXTENDED_KEY_USAGE = "2.5.29.37.0";
    private static final int DIGITAL_SIGNATURE = 0;
    private static final int KEY_CERT_SIGN = 5;

    private FactoryCertificates() {}

    /** The chain as it was sent, when none of its certificates is weak or of the wrong kind. */
    static Outcome<List<X509Certificate>> sound(List<X509Certificate> chain) {
        for (var certificate : chain) {
            if (!SIGNATURES.contains(certificate.getSigAlgOID())) {
                return bad("signed by an algorithm that is not accepted");
            }
            // Before any of these keys is used: an RSA key of 16,384 bits is a stranger's way to spend our time.
            if (PublicKeys.read(certificate.getPublicKey().getEncoded()) instanceof Parsed.Malformed<?> weak) {
                return Outcome.refused(RefusalReason.WEAK_KEY, "a factory certificate has " + weak.detail());
            }
        }
        for (var authority : chain.subList(1, chain.size())) {
            if (authority.getVersion() != 3
                    || authority.getBasicConstraints() < 0
                    || !allows(authority, KEY_CERT_SIGN)) {
                return bad("sent with a certificate that is of no authority");
            }
        }
        return leaf(chain.get(0)).map(fine -> chain);
    }

    private static Outcome<X509Certificate> leaf(X509Certificate leaf) {
        if (leaf.getVersion() != 3 || leaf.getBasicConstraints() >= 0) {
            return bad("of an authority, or older than version 3");
        }
        if (!allows(leaf, DIGITAL_SIGNATURE)) {
            return bad("not for digital signatures (keyUsage)");
        }
        try {
            var purposes = leaf.getExtendedKeyUsage();
            boolean client =
                    purposes == null || purposes.contains(CLIENT_AUTH) || purposes.contains(ANY_EXTENDED_KEY_USAGE);
            return client ? Outcome.done(leaf) : bad("not for clients (extendedKeyUsage)");
        } catch (CertificateParsingException e) {
            return bad("unreadable (extendedKeyUsage)");
        }
    }

    private static boolean allows(X509Certificate certificate, int bit) {
        var usage = certificate.getKeyUsage();
        return usage == null || usage[bit];
    }

    /** The device that the subject names; the attribute must be there exactly once, and fit to be an id. */
    static Outcome<DeviceId> device(X509Certificate leaf, IdSource source) {
        return subject(leaf)
                .map(Subject::attributes)
                .map(attributes -> attributes.stream()
                        .filter(attribute -> attribute.oid().equals(source.oid()))
                        .toList())
                .filter(found -> found.size() == 1)
                .flatMap(found -> DeviceId.parse(found.get(0).value()))
                .<Outcome<DeviceId>>map(Outcome::done)
                .orElseGet(() ->
                        bad("without exactly one " + source.word() + " that can be a device's id: " + DeviceId.RULE));
    }

    private static Optional<Subject> subject(X509Certificate leaf) {
        try {
            return Optional.of(Subject.parse(leaf.getSubjectX500Principal().getEncoded()));
        } catch (MalformedException e) {
            return Optional.empty();
        }
    }

    private static <T> Outcome<T> bad(String detail) {
        return Outcome.refused(RefusalReason.BAD_CERTIFICATE, "the factory certificate is " + detail);
    }
}
