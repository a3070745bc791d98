package io.gatehouse.enrollment.ca.lint;

import java.util.Optional;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.Extension;

/** RFC 5280, section 4.2.1.1: the authority key identifier is the issuer's subject key identifier and nothing else, not critical; only a root may
 * leave it out. */
final class AuthorityKeyIdentifierIsOfTheIssuer implements LintRule {
    @Override
    public Optional<String> fault(Candidate candidate) {
        if (candidate.profile().isRoot()) {
            return Optional.empty();
        }
        var wanted =
                new AuthorityKeyIdentifier(candidate.issuer().keyIdentifier().getKeyIdentifier());
        return LintRule.unless(
                candidate.has(Extension.authorityKeyIdentifier, false, wanted),
                "the authority key identifier is not that of the issuer");
    }
}
