package io.gatehouse.enrollment.ca.lint;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.bouncycastle.asn1.x509.GeneralName;

/** RFC 5280, section 4.2.1.10: the host of every URI is one that the issuer is constrained to; a constraint without a leading dot is a whole host. */
final class UrisAreWithinTheConstraints implements LintRule {
    @Override
    public Optional<String> fault(Candidate candidate) {
        var hosts = candidate.issuer().permittedUriHosts();
        if (hosts.isEmpty()) {
            return Optional.empty();
        }
        return candidate.names().stream()
                .filter(name -> !isPermitted(name, hosts))
                .findFirst()
                .map(name -> "a name is outside of the name constraints of the issuer");
    }

    /** An authority that is held to URIs issues nothing but URIs: other kinds of names are not constrained, so they are refused here. */
    private static boolean isPermitted(GeneralName name, List<String> hosts) {
        if (name.getTagNo() != GeneralName.uniformResourceIdentifier) {
            return false;
        }
        var host = URI.create(name.getName().toString()).getHost();
        return host != null && hosts.contains(host.toLowerCase(Locale.ROOT));
    }
}
