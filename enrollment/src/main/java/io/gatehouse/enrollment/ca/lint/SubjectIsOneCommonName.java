package io.gatehouse.enrollment.ca.lint;

import java.util.Optional;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1PrintableString;
import org.bouncycastle.asn1.ASN1String;
import org.bouncycastle.asn1.ASN1UTF8String;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.style.BCStyle;

/** RFC 5280, section 4.1.2.6 and appendix A.1: the subject of a leaf is one common name of 1 to 64 characters (ub-common-name), as UTF8String or
 * PrintableString, without control characters. */
final class SubjectIsOneCommonName implements LintRule {
    private static final int LONGEST = 64;

    @Override
    public Optional<String> fault(Candidate candidate) {
        if (candidate.profile().isAuthority()) {
            return Optional.empty();
        }
        RDN[] rdns = candidate.tbs().getSubject().getRDNs();
        if (rdns.length != 1
                || rdns[0].isMultiValued()
                || !rdns[0].getFirst().getType().equals(BCStyle.CN)) {
            return Optional.of("the subject is not one common name");
        }
        ASN1Encodable value = rdns[0].getFirst().getValue();
        if (!(value instanceof ASN1UTF8String || value instanceof ASN1PrintableString)) {
            return Optional.of("the common name is no UTF8String or PrintableString");
        }
        return LintRule.unless(
                isPlain(((ASN1String) value).getString()), "the common name is empty, too long or not plain");
    }

    private static boolean isPlain(String name) {
        return !name.isBlank() && name.length() <= LONGEST && name.codePoints().noneMatch(Character::isISOControl);
    }
}
