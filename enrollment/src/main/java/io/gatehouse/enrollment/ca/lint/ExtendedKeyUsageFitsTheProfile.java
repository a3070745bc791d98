package io.gatehouse.enrollment.ca.lint;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;

/** RFC 5280, section 4.2.1.12: exactly the purposes of the profile, not critical; never anyExtendedKeyUsage. */
final class ExtendedKeyUsageFitsTheProfile implements LintRule {
    @Override
    public Optional<String> fault(Candidate candidate) {
        List<KeyPurposeId> wanted = candidate.profile().purposes();
        var extension = candidate.extension(Extension.extendedKeyUsage);
        if (extension.isEmpty()) {
            return LintRule.unless(wanted.isEmpty(), "the extended key usage is missing");
        }
        var found = Arrays.asList(
                ExtendedKeyUsage.getInstance(extension.get().getParsedValue()).getUsages());
        return LintRule.unless(
                !extension.get().isCritical()
                        && found.size() == wanted.size()
                        && new HashSet<>(found).equals(new HashSet<>(wanted)),
                "the extended key usage is not exactly that of the profile");
    }
}
