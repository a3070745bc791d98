package io.gatehouse.agent.service;

import io.gatehouse.agent.Attempt;
import io.gatehouse.agent.ExitCode;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.x509.Certificates;
import io.gatehouse.x509.SpiffeId;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertStore;
import java.security.cert.CertificateParsingException;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXCertPathBuilderResult;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The authorities that the service named at cacerts, met over a connection that it was trusted on: the devices hierarchy, and the services
 * one. Judges a certificate before it is used (RFC 7030, section 4.2.3; RFC 5280, section 6).
 */
public final class CaCertificates {
    private static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";

    private final List<X509Certificate> all;
    private final List<X509Certificate> servicesRoots;

    /** @param servicesRoots the roots that the service itself was trusted by: no device is below them */
    CaCertificates(List<X509Certificate> all, List<X509Certificate> servicesRoots) {
        this.all = List.copyOf(all);
        this.servicesRoots = List.copyOf(servicesRoots);
    }

    /** What a device keeps of an answer: its certificate and the authorities above it, nearest first, the root last. */
    public record Issued(X509Certificate certificate, List<X509Certificate> chain) {}

    /** The certificate, when it carries this key, names this device, is for clients and is below a devices root at that time. */
    public Attempt<Issued> judge(X509Certificate certificate, PublicKey key, DeviceId device, Instant now) {
        if (!certificate.getPublicKey().equals(key)) {
            return refuse("carries another key than ours");
        }
        var named = Certificates.spiffeId(certificate)
                .filter(id -> id instanceof SpiffeId.Device of && of.device().equals(device));
        if (named.isEmpty()
                || !Certificates.commonName(certificate)
                        .filter(device.value()::equals)
                        .isPresent()) {
            return refuse("does not name " + device);
        }
        if (!isForClients(certificate)) {
            return refuse("is not for clients");
        }
        try {
            return Attempt.done(new Issued(certificate, path(certificate, now)));
        } catch (GeneralSecurityException e) {
            return refuse("is not below the devices root, or not valid now");
        }
    }

    private static <T> Attempt<T> refuse(String fault) {
        return Attempt.failed(ExitCode.REFUSED, "the certificate that the service gave " + fault);
    }

    private static boolean isForClients(X509Certificate certificate) {
        try {
            var usages = certificate.getExtendedKeyUsage();
            return certificate.getBasicConstraints() < 0 && (usages == null || usages.contains(CLIENT_AUTH));
        } catch (CertificateParsingException e) {
            return false;
        }
    }

    private List<X509Certificate> path(X509Certificate certificate, Instant now) throws GeneralSecurityException {
        var target = new X509CertSelector();
        target.setCertificate(certificate);
        var known = new HashSet<>(all);
        known.add(certificate);
        var parameters = new PKIXBuilderParameters(anchors(), target);
        parameters.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(known)));
        parameters.setRevocationEnabled(false);
        parameters.setDate(Date.from(now));
        var built =
                (PKIXCertPathBuilderResult) CertPathBuilder.getInstance("PKIX").build(parameters);
        var chain = new ArrayList<X509Certificate>();
        for (var each : built.getCertPath().getCertificates()) {
            if (!each.equals(certificate)) {
                chain.add((X509Certificate) each);
            }
        }
        chain.add(built.getTrustAnchor().getTrustedCert());
        return chain;
    }

    private Set<TrustAnchor> anchors() {
        var anchors = new HashSet<TrustAnchor>();
        for (var certificate : all) {
            if (!servicesRoots.contains(certificate) && Certificates.isSelfSigned(certificate)) {
                anchors.add(new TrustAnchor(certificate, null));
            }
        }
        return anchors;
    }
}
