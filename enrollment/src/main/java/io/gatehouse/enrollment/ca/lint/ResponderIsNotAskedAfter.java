package io.gatehouse.enrollment.ca.lint;

import io.gatehouse.enrollment.ca.profile.Profile;
import java.util.Optional;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.ocsp.OCSPObjectIdentifiers;

/** RFC 6960, section 4.2.2.2.1: an OCSP responder, and nothing else, has id-pkix-ocsp-nocheck, not critical, whose value is NULL. */
final class ResponderIsNotAskedAfter implements LintRule {
    @Override
    public Optional<String> fault(Candidate candidate) {
        var nocheck = OCSPObjectIdentifiers.id_pkix_ocsp_nocheck;
        if (candidate.profile() != Profile.RESPONDER) {
            return LintRule.unless(candidate.extension(nocheck).isEmpty(), "only an OCSP responder is not asked after");
        }
        return LintRule.unless(
                candidate.has(nocheck, false, DERNull.INSTANCE),
                "a responder needs id-pkix-ocsp-nocheck, not critical");
    }
}
