package io.gatehouse.enrollment.ca.lint;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1UTCTime;
import org.bouncycastle.asn1.x509.Time;

/** RFC 5280, section 4.1.2.5, and this house: a certificate ends after it begins, is valid exactly as long as was wanted, and never when its
 * issuer is not. */
final class ValidityIsWithinTheIssuer implements LintRule {
    @Override
    public Optional<String> fault(Candidate candidate) {
        Instant begin = instant(candidate.tbs().getStartDate());
        Instant end = instant(candidate.tbs().getEndDate());
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

    /** Read digit by digit, because date formats take longer than all other rules. */
    private static Instant instant(Time time) {
        var text = time.toASN1Primitive() instanceof ASN1UTCTime utc
                ? utc.getAdjustedTime()
                : time.toASN1Primitive().toString();
        return LocalDateTime.of(
                        Integer.parseInt(text, 0, 4, 10),
                        two(text, 4),
                        two(text, 6),
                        two(text, 8),
                        two(text, 10),
                        two(text, 12))
                .toInstant(ZoneOffset.UTC);
    }

    private static int two(String text, int at) {
        return Integer.parseInt(text, at, at + 2, 10);
    }
}
