package io.gatehouse.enrollment.ca.profile;

import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.bouncycastle.asn1.x509.SubjectKeyIdentifier;
import org.bouncycastle.asn1.x509.TBSCertificate;

/**
 * What a certificate takes from its issuer. Immutable and thread-safe.
 *
 * @param name the issuer's subject, exactly as its certificate encodes it
 * @param keyIdentifier the issuer's subject key identifier
 * @param validity the issuer's own; no certificate outlives it
 * @param permittedUriHosts the hosts to which the issuer's name constraints hold URIs; empty: any
 * @param addresses nothing for a root, which has no issuer to ask
 */
public record IssuerFacts(
        X500Name name,
        SubjectKeyIdentifier keyIdentifier,
        Validity validity,
        List<String> permittedUriHosts,
        Optional<Addresses> addresses) {
    public IssuerFacts {
        permittedUriHosts = List.copyOf(permittedUriHosts);
    }

    /** The facts of the authority with that certificate. */
    public static IssuerFacts of(X509Certificate authority, Addresses addresses) {
        return new IssuerFacts(
                subject(authority),
                SubjectKeyIdentifier.getInstance(value(authority, Extension.subjectKeyIdentifier.getId())
                        .orElseThrow(() -> new IllegalArgumentException("an authority without key identifier"))),
                new Validity(
                        authority.getNotBefore().toInstant(),
                        authority.getNotAfter().toInstant()),
                permittedUriHosts(authority),
                Optional.of(addresses));
    }

    /** The facts of a root, which issues itself. */
    public static IssuerFacts ofRoot(Draft draft) {
        return new IssuerFacts(
                draft.subject(), KeyIdentifiers.of(draft.key()), draft.validity(), List.of(), Optional.empty());
    }

    /** As the certificate encodes it, not as the JDK would. */
    private static X500Name subject(X509Certificate authority) {
        try {
            return TBSCertificate.getInstance(authority.getTBSCertificate()).getSubject();
        } catch (CertificateEncodingException e) {
            throw new IllegalArgumentException("a certificate that has no encoding", e);
        }
    }

    private static List<String> permittedUriHosts(X509Certificate authority) {
        var hosts = new ArrayList<String>();
        value(authority, Extension.nameConstraints.getId()).ifPresent(bytes -> {
            for (GeneralSubtree subtree : NameConstraints.getInstance(bytes).getPermittedSubtrees()) {
                if (subtree.getBase().getTagNo() == GeneralName.uniformResourceIdentifier) {
                    hosts.add(subtree.getBase().getName().toString());
                }
            }
        });
        return hosts;
    }

    private static Optional<byte[]> value(X509Certificate certificate, String oid) {
        return Optional.ofNullable(certificate.getExtensionValue(oid))
                .map(wrapped -> ASN1OctetString.getInstance(wrapped).getOctets());
    }
}
