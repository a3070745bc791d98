package io.gatehouse.enrollment.ca.lint;

import java.util.Optional;
import org.bouncycastle.asn1.ASN1UTCTime;
import org.bouncycastle.asn1.x509.Time;

/** RFC 5280, section 4.1.2.5: times are UTCTime through 2049 and GeneralizedTime from 2050, in seconds and in Zulu. */
final class ValidityIsEncodedByYear implements LintRule {
    private static final String FIRST_GENERALIZED = "20500101000000Z";
    private static final int UTC_LENGTH = "yyMMddHHmmssZ".length();
    private static final int GENERALIZED_LENGTH = "yyyyMMddHHmmssZ".length();

    @Override
    public Optional<String> fault(Candidate candidate) {
        return LintRule.unless(
                isRight(candidate.tbs().getStartDate())
                        && isRight(candidate.tbs().getEndDate()),
                "a time is not encoded as its year asks");
    }

    private static boolean isRight(Time time) {
        if (time.toASN1Primitive() instanceof ASN1UTCTime utc) {
            return isZulu(utc.toString(), UTC_LENGTH);
        }
        var text = time.toASN1Primitive().toString();
        return isZulu(text, GENERALIZED_LENGTH) && text.compareTo(FIRST_GENERALIZED) >= 0;
    }

    private static boolean isZulu(String text, int length) {
        return text.length() == length && text.endsWith("Z");
    }
}
