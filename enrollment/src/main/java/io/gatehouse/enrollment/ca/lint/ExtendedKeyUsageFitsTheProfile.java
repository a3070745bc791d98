package io.gatehouse.enrollment.ca.lint;

import java.util.Optional;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;

/** RFC 5280, section 4.2.1.12: exactly the purposes of the profile, not critical; never anyExtendedKeyUsage. */
final class ExtendedKeyUsageFitsTheProfile implements LintRule {
    @Override
    public Optional<String> fault(Candidate candidate) {
        var wanted = candidate.profile().purposes();
        if (wanted.isEmpty()) {
            return LintRule.unless(
                    candidate.extension(Extension.extendedKeyUsage).isEmpty(), "the profile has no extended key usage");
        }
        var exactly = new ExtendedKeyUsage(wanted.toArray(KeyPurposeId[]::new));
        return LintRule.unless(
                candidate.has(Extension.extendedKeyUsage, false, exactly),
                "the extended key usage is not exactly that of the profile");
    }
}
