package io.gatehouse.enrollment.ca.lint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1Encoding;

/** RFC 5280, section 4.1, and X.690, section 10: the bytes are DER, and nothing follows them. */
final class EncodingIsDer implements LintRule {
    @Override
    public Optional<String> fault(Candidate candidate) {
        try {
            var again = candidate.tbs().getEncoded(ASN1Encoding.DER);
            return LintRule.unless(Arrays.equals(again, candidate.tbsBytes()), "the encoding is not DER");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
