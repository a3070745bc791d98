package io.gatehouse.enrollment.ca.lint;

import io.gatehouse.enrollment.ca.profile.Profile;
import io.gatehouse.identity.DeviceId;
import java.util.Optional;
import org.bouncycastle.asn1.x500.style.IETFUtils;

/** This house: the common name of an OCSP responder is no device id, for whoever trusts the devices CA and looks at the name alone. */
final class ResponderIsNoDevice implements LintRule {
    @Override
    public Optional<String> fault(Candidate candidate) {
        if (candidate.profile() != Profile.RESPONDER) {
            return Optional.empty();
        }
        for (var rdn : candidate.tbs().getSubject().getRDNs()) {
            if (DeviceId.parse(IETFUtils.valueToString(rdn.getFirst().getValue()))
                    .isPresent()) {
                return Optional.of("the common name of a responder could be that of a device");
            }
        }
        return Optional.empty();
    }
}
