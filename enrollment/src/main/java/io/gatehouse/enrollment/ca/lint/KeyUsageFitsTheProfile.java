package io.gatehouse.enrollment.ca.lint;

import java.util.Optional;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyUsage;

/** RFC 5280, section 4.2.1.3: critical; an authority signs certificates and CRLs, a leaf makes digital signatures, and nothing else. */
final class KeyUsageFitsTheProfile implements LintRule {
    @Override
    public Optional<String> fault(Candidate candidate) {
        var wanted = new KeyUsage(candidate.profile().keyUsage());
        return LintRule.unless(
                candidate.has(Extension.keyUsage, true, wanted), "the key usage is not exactly that of the profile");
    }
}
