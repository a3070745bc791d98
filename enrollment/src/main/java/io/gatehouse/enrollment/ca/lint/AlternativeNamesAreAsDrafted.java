package io.gatehouse.enrollment.ca.lint;

import java.net.URI;
import java.util.Optional;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;

/** RFC 5280, section 4.2.1.6: a leaf has exactly the alternative names that were wanted, not critical beside a subject; URIs are absolute, with a
 * scheme and a host. */
final class AlternativeNamesAreAsDrafted implements LintRule {
    @Override
    public Optional<String> fault(Candidate candidate) {
        if (!candidate.profile().isNamed()) {
            return Optional.empty();
        }
        var extension = candidate.extension(Extension.subjectAlternativeName);
        if (extension.isEmpty() || extension.get().critical()) {
            return Optional.of("the alternative names are missing or critical");
        }
        var names = candidate.names();
        if (names.isEmpty() || !names.equals(candidate.draft().names())) {
            return Optional.of("the alternative names are not the ones wanted");
        }
        return LintRule.unless(
                names.stream().allMatch(AlternativeNamesAreAsDrafted::isSound), "a URI has no scheme or host");
    }

    private static boolean isSound(GeneralName name) {
        if (name.getTagNo() != GeneralName.uniformResourceIdentifier) {
            return true;
        }
        var uri = URI.create(name.getName().toString());
        return uri.isAbsolute() && uri.getHost() != null;
    }
}
