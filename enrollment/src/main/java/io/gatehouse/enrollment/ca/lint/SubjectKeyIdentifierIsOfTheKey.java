package io.gatehouse.enrollment.ca.lint;

import io.gatehouse.enrollment.ca.profile.KeyIdentifiers;
import java.util.Optional;
import org.bouncycastle.asn1.x509.Extension;

/** RFC 5280, section 4.2.1.2, and RFC 7093, section 2: there is a subject key identifier, made from the key, not critical. */
final class SubjectKeyIdentifierIsOfTheKey implements LintRule {
    @Override
    public Optional<String> fault(Candidate candidate) {
        var wanted = KeyIdentifiers.of(candidate.tbs().getSubjectPublicKeyInfo());
        return LintRule.unless(
                candidate.has(Extension.subjectKeyIdentifier, false, wanted),
                "the subject key identifier is not that of the key");
    }
}
