package io.gatehouse.enrollment.ca.lint;

import java.util.Optional;
import java.util.Set;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x509.Extension;

/** RFC 5280, section 4.2: an extension appears once (else it cannot be read at all) and holds DER; and this house: none that a profile does not know. */
final class ExtensionsAreKnownAndSingle implements LintRule {
    private static final Set<ASN1ObjectIdentifier> OF_ALL = Set.of(
            Extension.basicConstraints,
            Extension.keyUsage,
            Extension.extendedKeyUsage,
            Extension.subjectKeyIdentifier,
            Extension.authorityKeyIdentifier,
            Extension.cRLDistributionPoints,
            Extension.authorityInfoAccess);

    @Override
    public Optional<String> fault(Candidate candidate) {
        if (candidate.tbs().getExtensions().getExtensionOIDs().length != candidate.extensions()) {
            return Optional.of("an extension whose value cannot be read");
        }
        var own = candidate.profile().isAuthority() ? Extension.nameConstraints : Extension.subjectAlternativeName;
        for (var oid : candidate.tbs().getExtensions().getExtensionOIDs()) {
            if (!OF_ALL.contains(oid) && !oid.equals(own)) {
                return Optional.of("an extension that no profile knows: " + oid);
            }
        }
        return Optional.empty();
    }
}
