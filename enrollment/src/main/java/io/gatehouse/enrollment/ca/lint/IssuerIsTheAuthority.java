package io.gatehouse.enrollment.ca.lint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Optional;

/** RFC 5280, section 4.1.2.4: the issuer is the subject of the authority, byte for byte, so that every verifier can chain it. */
final class IssuerIsTheAuthority implements LintRule {
    @Override
    public Optional<String> fault(Candidate candidate) {
        try {
            return LintRule.unless(
                    Arrays.equals(
                            candidate.tbs().getIssuer().getEncoded(),
                            candidate.issuer().name().getEncoded()),
                    "the issuer is not the authority");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
