package io.gatehouse.enrollment.ca.lint;

import io.gatehouse.enrollment.ca.profile.Assembly;
import java.util.Optional;

/** RFC 5280, section 4.1.1.2, and RFC 5758, section 3.2: the algorithm inside is the one outside, ecdsa-with-SHA256, without parameters. */
final class SignatureAlgorithmIsEcdsaSha256 implements LintRule {
    @Override
    public Optional<String> fault(Candidate candidate) {
        return LintRule.unless(
                candidate.tbs().getSignature().equals(Assembly.SIGNATURE_ALGORITHM),
                "the signature algorithm is not ecdsa-with-SHA256 without parameters");
    }
}
