package io.gatehouse.enrollment.ca.lint;

import java.util.Optional;

/** RFC 5280, section 4.1.2.1: a certificate with extensions is of version 3. */
final class VersionIsThree implements LintRule {
    @Override
    public Optional<String> fault(Candidate candidate) {
        return LintRule.unless(candidate.tbs().getVersionNumber() == 3, "the version is not 3");
    }
}
