package io.gatehouse.enrollment.ca.lint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Optional;

/** RFC 5280, section 4.1.2.6, and this house: the subject is the name that was proven, and never empty. */
final class SubjectIsAsDrafted implements LintRule {
    @Override
    public Optional<String> fault(Candidate candidate) {
        var subject = candidate.tbs().getSubject();
        try {
            return LintRule.unless(
                    subject.size() > 0
                            && Arrays.equals(
                                    subject.getEncoded(),
                                    candidate.draft().subject().getEncoded()),
                    "the subject is not the one wanted");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
