package io.gatehouse.enrollment.ca.lint;

import java.util.Arrays;
import java.util.Optional;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.NameConstraints;

/** RFC 5280, section 4.2.1.10: only in authorities, critical, exactly the permitted URIs that were wanted and nothing excluded. */
final class NameConstraintsAreAsDrafted implements LintRule {
    @Override
    public Optional<String> fault(Candidate candidate) {
        var wanted = candidate.draft().permittedUriHosts();
        var extension = candidate.extension(Extension.nameConstraints);
        if (extension.isEmpty()) {
            return LintRule.unless(wanted.isEmpty(), "the name constraints are missing");
        }
        var constraints = NameConstraints.getInstance(extension.get().parsed());
        if (constraints.getPermittedSubtrees() == null || constraints.getExcludedSubtrees() != null) {
            return Optional.of("the name constraints exclude names, or permit none");
        }
        var found = Arrays.stream(constraints.getPermittedSubtrees())
                .map(subtree -> subtree.getBase())
                .toList();
        var asWanted = wanted.stream()
                .map(host -> new GeneralName(GeneralName.uniformResourceIdentifier, host))
                .toList();
        return LintRule.unless(
                extension.get().critical() && !wanted.isEmpty() && found.equals(asWanted),
                "the name constraints are not the ones wanted, or not critical");
    }
}
