package io.gatehouse.enrollment.ca.lint;

import java.util.Optional;

/** One thing that a certificate must be. Stateless and thread-safe. May throw on a value that cannot be read: that is a fault too. */
interface LintRule {
    /** What is wrong, in words for the log; nothing when the certificate keeps the rule. */
    Optional<String> fault(Candidate candidate);

    /** The fault unless the condition holds. */
    static Optional<String> unless(boolean condition, String fault) {
        return condition ? Optional.empty() : Optional.of(fault);
    }
}
