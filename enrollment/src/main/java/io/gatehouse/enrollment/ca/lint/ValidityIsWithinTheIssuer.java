package io.gatehouse.enrollment.ca.lint;

import java.time.Instant;
import java.util.Optional;

/** RFC 5280, section 4.1.2.5, and this house: a certificate ends after it begins, is valid exactly as long as was wanted, and never when its
 * issuer is not. */
final class ValidityIsWithinTheIssuer implements LintRule {
    @Override
    public Optional<String> fault(Candidate candidate) {
        Instant begin = candidate.tbs().getStartDate().getDate().toInstant();
        Instant end = candidate.tbs().getEndDate().getDate().toInstant();
        var wanted = candidate.draft().validity();
        var issuer = candidate.issuer().validity();
        if (end.isBefore(begin)) {
            return Optional.of("it ends before it begins");
        }
        if (begin.isBefore(issuer.notBefore()) || end.isAfter(issuer.notAfter())) {
            return Optional.of("it is valid when its issuer is not");
        }
        return LintRule.unless(
                begin.equals(wanted.notBefore()) && end.equals(wanted.notAfter()),
                "the validity is not the one wanted");
    }
}
