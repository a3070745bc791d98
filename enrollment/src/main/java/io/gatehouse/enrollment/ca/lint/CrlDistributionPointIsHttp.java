package io.gatehouse.enrollment.ca.lint;

import java.util.Optional;
import org.bouncycastle.asn1.x509.CRLDistPoint;
import org.bouncycastle.asn1.x509.DistributionPoint;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;

/** RFC 5280, sections 4.2.1.13 and 8: one distribution point, the issuer's, over plain HTTP, not critical, without reasons or another issuer. */
final class CrlDistributionPointIsHttp implements LintRule {
    @Override
    public Optional<String> fault(Candidate candidate) {
        if (!candidate.profile().canBeAskedAfter()) {
            return LintRule.unless(
                    candidate.extension(Extension.cRLDistributionPoints).isEmpty(),
                    "nobody is to ask after this certificate");
        }
        var extension = candidate.extension(Extension.cRLDistributionPoints);
        if (extension.isEmpty() || extension.get().critical()) {
            return Optional.of("the CRL distribution point is missing or critical");
        }
        DistributionPoint[] points =
                CRLDistPoint.getInstance(extension.get().parsed()).getDistributionPoints();
        return LintRule.unless(
                points.length == 1 && isPlainHttp(points[0], candidate),
                "the CRL distribution point is not one plain HTTP address of the issuer");
    }

    private static boolean isPlainHttp(DistributionPoint point, Candidate candidate) {
        if (point.getReasons() != null || point.getCRLIssuer() != null) {
            return false;
        }
        GeneralName[] names =
                GeneralNames.getInstance(point.getDistributionPoint().getName()).getNames();
        return names.length == 1
                && names[0].getTagNo() == GeneralName.uniformResourceIdentifier
                && candidate
                        .issuer()
                        .addresses()
                        .filter(addresses -> addresses.crl().startsWith("http://"))
                        .filter(addresses ->
                                addresses.crl().equals(names[0].getName().toString()))
                        .isPresent();
    }
}
