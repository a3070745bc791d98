package io.gatehouse.enrollment.ca.lint;

import io.gatehouse.enrollment.ca.profile.Draft;
import io.gatehouse.enrollment.ca.profile.IssuerFacts;
import io.gatehouse.enrollment.ca.profile.Profile;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.TBSCertificate;

/**
 * A certificate before the rules: read back from its bytes, beside what was wanted.
 *
 * @param encoded the DER of the whole certificate, with a signature that is none
 * @param tbs what those bytes say
 */
@SuppressWarnings("ArrayRecordComponent") // compared nowhere; lives for one check
record Candidate(Draft draft, IssuerFacts issuer, byte[] encoded, TBSCertificate tbs) {
    Profile profile() {
        return draft.profile();
    }

    /** The extension, or nothing. */
    Optional<Extension> extension(ASN1ObjectIdentifier oid) {
        Extensions extensions = tbs.getExtensions();
        return extensions == null ? Optional.empty() : Optional.ofNullable(extensions.getExtension(oid));
    }

    /** Whether the extension is there with that criticality and that value. */
    boolean has(ASN1ObjectIdentifier oid, boolean critical, ASN1Encodable value) {
        return extension(oid)
                .filter(extension -> extension.isCritical() == critical
                        && extension.getParsedValue().toASN1Primitive().equals(value.toASN1Primitive()))
                .isPresent();
    }
}
