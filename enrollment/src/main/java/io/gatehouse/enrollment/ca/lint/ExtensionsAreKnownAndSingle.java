package io.gatehouse.enrollment.ca.lint;

import io.gatehouse.enrollment.ca.profile.Profile;
import java.util.Optional;
import java.util.Set;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ocsp.OCSPObjectIdentifiers;
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
        var own = own(candidate.profile());
        for (var oid : candidate.tbs().getExtensions().getExtensionOIDs()) {
            if (!OF_ALL.contains(oid) && !oid.equals(own)) {
                return Optional.of("an extension that no profile knows: " + oid);
            }
        }
        return Optional.empty();
    }

    /** The extension that certificates of this profile have beside those of all. */
    private static ASN1ObjectIdentifier own(Profile profile) {
        if (profile == Profile.RESPONDER) {
            return OCSPObjectIdentifiers.id_pkix_ocsp_nocheck;
        }
        return profile.isAuthority() ? Extension.nameConstraints : Extension.subjectAlternativeName;
    }
}
