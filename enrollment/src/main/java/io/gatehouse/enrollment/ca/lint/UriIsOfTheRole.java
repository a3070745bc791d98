package io.gatehouse.enrollment.ca.lint;

import io.gatehouse.enrollment.ca.profile.Profile;
import io.gatehouse.x509.SpiffeId;
import java.util.Optional;
import org.bouncycastle.asn1.x500.style.IETFUtils;
import org.bouncycastle.asn1.x509.GeneralName;

/** SPIFFE X.509-SVID, section 2, and this house: a device has one URI, of the form for devices, whose id is its common name; whatever acts for the
 * house has one URI of its role. */
final class UriIsOfTheRole implements LintRule {
    @Override
    public Optional<String> fault(Candidate candidate) {
        if (!candidate.profile().isNamed()) {
            return Optional.empty();
        }
        var uris = candidate.names().stream()
                .filter(name -> name.getTagNo() == GeneralName.uniformResourceIdentifier)
                .map(name -> name.getName().toString())
                .toList();
        if (uris.size() != 1) {
            return Optional.of("there is not exactly one URI");
        }
        var fits = SpiffeId.parse(uris.get(0)).filter(id -> fits(id, candidate));
        return LintRule.unless(fits.isPresent(), "the URI is not that of the profile and the common name");
    }

    private static boolean fits(SpiffeId id, Candidate candidate) {
        if (id instanceof SpiffeId.Device device) {
            return candidate.profile() == Profile.DEVICE
                    && device.device().value().equals(commonName(candidate));
        }
        return id instanceof SpiffeId.Broker
                ? candidate.profile() == Profile.SERVER || candidate.profile() == Profile.FEED
                : candidate.profile() == Profile.SERVER;
    }

    private static String commonName(Candidate candidate) {
        var subject = candidate.tbs().getSubject().getRDNs();
        return subject.length == 1
                ? IETFUtils.valueToString(subject[0].getFirst().getValue())
                : "";
    }
}
