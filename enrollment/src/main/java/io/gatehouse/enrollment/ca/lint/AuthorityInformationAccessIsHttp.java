package io.gatehouse.enrollment.ca.lint;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x509.AccessDescription;
import org.bouncycastle.asn1.x509.AuthorityInformationAccess;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;

/** RFC 5280, sections 4.2.2.1 and 8: the issuer's certificate and, where it has one, its OCSP responder, each over plain HTTP, not critical. */
final class AuthorityInformationAccessIsHttp implements LintRule {
    @Override
    public Optional<String> fault(Candidate candidate) {
        if (!candidate.profile().canBeAskedAfter()) {
            return LintRule.unless(
                    candidate.extension(Extension.authorityInfoAccess).isEmpty(),
                    "nobody is to ask after this certificate");
        }
        var extension = candidate.extension(Extension.authorityInfoAccess);
        if (extension.isEmpty() || extension.get().critical()) {
            return Optional.of("the authority information access is missing or critical");
        }
        AccessDescription[] found =
                AuthorityInformationAccess.getInstance(extension.get().parsed()).getAccessDescriptions();
        return LintRule.unless(
                asMap(found).equals(wanted(candidate))
                        && Arrays.stream(found).allMatch(AuthorityInformationAccessIsHttp::isHttp),
                "the authority information access is not that of the issuer over plain HTTP");
    }

    private static Map<ASN1ObjectIdentifier, String> wanted(Candidate candidate) {
        var wanted = new HashMap<ASN1ObjectIdentifier, String>();
        candidate.issuer().addresses().ifPresent(addresses -> {
            wanted.put(AccessDescription.id_ad_caIssuers, addresses.issuer());
            addresses.ocsp().ifPresent(url -> wanted.put(AccessDescription.id_ad_ocsp, url));
        });
        return wanted;
    }

    private static Map<ASN1ObjectIdentifier, String> asMap(AccessDescription[] found) {
        var map = new HashMap<ASN1ObjectIdentifier, String>();
        for (var description : found) {
            if (map.put(
                            description.getAccessMethod(),
                            description.getAccessLocation().getName().toString())
                    != null) {
                throw new IllegalArgumentException("an access method comes twice");
            }
        }
        return map;
    }

    private static boolean isHttp(AccessDescription description) {
        var location = description.getAccessLocation();
        return location.getTagNo() == GeneralName.uniformResourceIdentifier
                && location.getName().toString().startsWith("http://");
    }
}
