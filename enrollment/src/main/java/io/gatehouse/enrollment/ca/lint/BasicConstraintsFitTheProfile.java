package io.gatehouse.enrollment.ca.lint;

import java.util.Optional;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;

/** RFC 5280, section 4.2.1.9: critical; cA only for an authority, with the path length of its profile; a leaf says that it is none. */
final class BasicConstraintsFitTheProfile implements LintRule {
    @Override
    public Optional<String> fault(Candidate candidate) {
        var profile = candidate.profile();
        return LintRule.unless(
                candidate
                        .extension(Extension.basicConstraints)
                        .filter(Candidate.Value::critical)
                        .map(extension -> BasicConstraints.getInstance(extension.parsed()))
                        .filter(constraints -> constraints.isCA() == profile.isAuthority())
                        .filter(constraints -> Optional.ofNullable(constraints.getPathLenConstraint())
                                .map(length -> profile.pathLength().isPresent()
                                        && length.intValueExact()
                                                == profile.pathLength().getAsInt())
                                .orElse(profile.pathLength().isEmpty()))
                        .isPresent(),
                "the basic constraints do not fit the profile");
    }
}
