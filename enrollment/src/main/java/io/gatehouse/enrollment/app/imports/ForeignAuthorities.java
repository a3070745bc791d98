package io.gatehouse.enrollment.app.imports;

import io.gatehouse.enrollment.app.domain.Outcome;
import io.gatehouse.enrollment.app.port.Issuer;
import io.gatehouse.identity.RefusalReason;
import io.gatehouse.x509.Certificates;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXCertPathValidatorResult;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** CAs of somebody else that an import names, each of them sound and none of them ours. Immutable. */
final class ForeignAuthorities {
    /** How many CAs one import may name. */
    static final int MOST = 8;

    private static final int KEY_CERT_SIGN = 5;

    private final List<X509Certificate> authorities;

    private ForeignAuthorities(List<X509Certificate> authorities) {
        this.authorities = List.copyOf(authorities);
    }

    /** Refused with the first CA that cannot be one. */
    static Outcome<ForeignAuthorities> of(List<X509Certificate> authorities, Issuer issuer, boolean weak, Instant now) {
        if (authorities.isEmpty() || authorities.size() > MOST) {
            return refused("there must be 1 to " + MOST + " CA certificates");
        }
        for (var authority : authorities) {
            var wrong = wrong(authority, issuer, weak, now);
            if (wrong.isPresent()) {
                var name = new Flaw("", authority.getSubjectX500Principal().getName(), RefusalReason.BAD_REQUEST, "");
                return refused("the CA " + name.value() + ": " + wrong.get());
            }
        }
        return Outcome.done(new ForeignAuthorities(authorities));
    }

    private static <T> Outcome<T> refused(String detail) {
        return Outcome.refused(RefusalReason.BAD_REQUEST, "authority: " + detail);
    }

    private static Optional<String> wrong(X509Certificate authority, Issuer issuer, boolean weak, Instant now) {
        var allOfOurs = new ArrayList<>(issuer.estCaCerts());
        allOfOurs.addAll(issuer.devicesCas()); // retired ones, and one that is yet to issue
        for (var ours : allOfOurs) {
            if (ours.equals(authority) || ours.getPublicKey().equals(authority.getPublicKey())) {
                return Optional.of("it is one of this service's own; its certificates need no import");
            }
            if (ours.getSubjectX500Principal().equals(authority.getSubjectX500Principal())) {
                return Optional.of(
                        "it has the name of one of this service's own CAs, so the two could not be told apart");
            }
        }
        var usage = authority.getKeyUsage();
        if (authority.getBasicConstraints() < 0 || (usage != null && !usage[KEY_CERT_SIGN])) {
            return Optional.of(
                    "it is no CA: it needs basicConstraints CA:TRUE, and keyCertSign where it has a key usage."
                            + " Name the CA that issued the certificates");
        }
        if (now.isAfter(authority.getNotAfter().toInstant())) {
            return Optional.of("it has expired at " + authority.getNotAfter().toInstant());
        }
        return Strength.flaw(authority, weak).map(Flaw::detail);
    }

    /** The one that issued this certificate, as the path check of Java's TLS sees it at that time: a broker would say the same. */
    Optional<X509Certificate> issuerOf(X509Certificate certificate, Instant at) throws CertPathValidatorException {
        var named = new ArrayList<X509Certificate>();
        for (var authority : authorities) {
            if (authority.getSubjectX500Principal().equals(certificate.getIssuerX500Principal())
                    && Certificates.isSignedBy(certificate, authority.getPublicKey())) {
                named.add(authority);
            }
        }
        return named.isEmpty() ? Optional.empty() : Optional.of(validated(certificate, named.get(0), at));
    }

    private static X509Certificate validated(X509Certificate certificate, X509Certificate authority, Instant at)
            throws CertPathValidatorException {
        try {
            var parameters = new PKIXParameters(Set.of(new TrustAnchor(authority, null)));
            parameters.setRevocationEnabled(false);
            parameters.setDate(Date.from(at));
            var path = CertificateFactory.getInstance("X.509").generateCertPath(List.of(certificate));
            var result = (PKIXCertPathValidatorResult)
                    CertPathValidator.getInstance("PKIX").validate(path, parameters);
            return result.getTrustAnchor().getTrustedCert();
        } catch (CertPathValidatorException e) {
            throw e;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java platform cannot check certificate paths", e);
        }
    }
}
