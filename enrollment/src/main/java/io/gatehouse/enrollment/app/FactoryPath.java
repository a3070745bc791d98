package io.gatehouse.enrollment.app;

import io.gatehouse.enrollment.app.domain.FactoryRule;
import io.gatehouse.enrollment.app.domain.Outcome;
import io.gatehouse.identity.RefusalReason;
import io.gatehouse.x509.Certificates;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Whether a factory certificate leads to an authority that the fleet trusts (RFC 5280, section 6.1). The path is put together here
 * from what the peer sent, by name and signature, so that a stranger's chain costs a few signature checks and nothing more; then the
 * JDK judges it, without revocation, since makers publish none for factory certificates; and what the JDK lets pass, an anchor that
 * has ended or is too far away, weak keys and hashes, is judged by {@link FactoryCertificates}. Stateless.
 */
final class FactoryPath {
    /** The leaf and the authorities between it and the anchor. */
    static final int LONGEST = 6;

    private FactoryPath() {}

    /** The certificate of the device, when it is good by the rule at this time. */
    static Outcome<X509Certificate> judge(List<X509Certificate> chain, FactoryRule rule, Instant now) {
        var anchors = FactoryAnchors.read(rule.anchors());
        return FactoryCertificates.sound(chain.subList(0, Math.min(chain.size(), LONGEST + 1)))
                .then(sent -> find(sent, anchors))
                .then(path -> at(path, rule, now).then(moment -> valid(path, moment)));
    }

    /** From the leaf up; the anchor is not among the certificates. */
    private record Path(List<X509Certificate> certificates, X509Certificate anchor) {
        Stream<X509Certificate> all() {
            return Stream.concat(certificates.stream(), Stream.of(anchor));
        }
    }

    private static Outcome<Path> find(List<X509Certificate> sent, List<X509Certificate> anchors) {
        var path = new ArrayList<>(List.of(sent.get(0)));
        while (path.size() <= LONGEST) {
            var last = path.get(path.size() - 1);
            var anchor = issuerOf(last, anchors);
            if (anchor.isPresent()) {
                return Outcome.done(new Path(List.copyOf(path), anchor.get()));
            }
            var next = issuerOf(
                    last, sent.stream().filter(each -> !path.contains(each)).toList());
            if (next.isEmpty()) {
                return Outcome.refused(
                        RefusalReason.UNKNOWN_ISSUER,
                        "no authority that the fleet trusts for factory certificates issued it");
            }
            path.add(next.get());
        }
        return Outcome.refused(RefusalReason.BAD_CERTIFICATE, "the certificate's path is too long");
    }

    private static Optional<X509Certificate> issuerOf(X509Certificate certificate, List<X509Certificate> candidates) {
        return candidates.stream()
                .filter(each -> each.getSubjectX500Principal().equals(certificate.getIssuerX500Principal()))
                .filter(each -> Certificates.isSignedBy(certificate, each.getPublicKey()))
                .findFirst();
    }

    /** The moment to judge at: now; when expired ones are taken, the last moment at which the whole path was good. */
    private static Outcome<Instant> at(Path path, FactoryRule rule, Instant now) {
        var end = path.all()
                .map(each -> each.getNotAfter().toInstant())
                .min(Instant::compareTo)
                .orElseThrow();
        if (now.isAfter(end) && !rule.acceptExpired()) {
            boolean leaf = now.isAfter(path.certificates().get(0).getNotAfter().toInstant());
            return Outcome.refused(
                    RefusalReason.EXPIRED,
                    leaf ? RefusalReason.EXPIRED.sentence() : "an authority on the certificate's path has expired");
        }
        var moment = now.isAfter(end) ? end : now;
        boolean early =
                path.all().anyMatch(each -> moment.isBefore(each.getNotBefore().toInstant()));
        return early ? Outcome.refused(RefusalReason.NOT_YET_VALID) : Outcome.done(moment);
    }

    private static Outcome<X509Certificate> valid(Path path, Instant moment) {
        int limit = path.anchor().getBasicConstraints();
        long between = path.certificates().stream()
                .skip(1)
                .filter(each -> !each.getSubjectX500Principal().equals(each.getIssuerX500Principal()))
                .count();
        if (between > limit) {
            return bad("an authority on its path is further away than the anchor allows (pathLenConstraint)");
        }
        try {
            var parameters = new PKIXParameters(Set.of(new TrustAnchor(path.anchor(), null)));
            parameters.setRevocationEnabled(false);
            parameters.setDate(Date.from(moment));
            CertPathValidator.getInstance("PKIX")
                    .validate(CertificateFactory.getInstance("X.509").generateCertPath(certificates(path)), parameters);
            return Outcome.done(path.certificates().get(0));
        } catch (CertPathValidatorException e) {
            return bad("its path does not hold (" + e.getReason() + ")");
        } catch (GeneralSecurityException | RuntimeException e) {
            // a stranger's extensions: whatever the JDK stumbles over is no good
            return bad("its path cannot be judged");
        }
    }

    /** The JDK does not hold an anchor's name constraints against the path, unless the anchor stands in the path itself. */
    private static List<X509Certificate> certificates(Path path) {
        return FactoryAnchors.constrainsNames(path.anchor()) ? path.all().toList() : path.certificates();
    }

    private static Outcome<X509Certificate> bad(String detail) {
        return Outcome.refused(RefusalReason.BAD_CERTIFICATE, "the factory certificate is not accepted: " + detail);
    }
}
