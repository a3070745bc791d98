package io.gatehouse.enrollment.app;

import io.gatehouse.enrollment.app.domain.Device;
import io.gatehouse.enrollment.app.domain.DeviceCertificate;
import io.gatehouse.enrollment.app.domain.Fleet;
import io.gatehouse.enrollment.app.domain.Outcome;
import io.gatehouse.enrollment.app.port.Issuer;
import io.gatehouse.enrollment.app.port.Registry;
import io.gatehouse.enrollment.app.port.View;
import io.gatehouse.identity.CertificateState;
import io.gatehouse.identity.Fingerprint;
import io.gatehouse.identity.RefusalReason;
import io.gatehouse.x509.Certificates;
import io.gatehouse.x509.der.MalformedException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Judges the client certificate of a TLS connection whose handshake accepted anything: issuer, fitness, registry by fingerprint,
 * state and time. A certificate that is not in the registry is unknown, even when our own key signed it; one that was imported is
 * known by its fingerprint, and its own authority must have signed it. Thread-safe.
 */
public final class CertificateJudge {
    private static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";

    private final Registry registry;
    private final Issuer issuer;
    private final InstantSource clock;
    /** Read once: a stranger's certificate must not cost a parse of each; the import bounds how many there are. */
    private final Map<Fingerprint, X509Certificate> importedCas = new ConcurrentHashMap<>();

    public CertificateJudge(Registry registry, Issuer issuer, InstantSource clock) {
        this.registry = registry;
        this.issuer = issuer;
        this.clock = clock;
    }

    /** Which device this is, whatever state it is in; refused when the certificate is none that we issued. */
    public Outcome<Known> identify(List<X509Certificate> chain) {
        var ours = leaf(chain, issuer.devicesCas());
        if (ours instanceof Outcome.Refused<X509Certificate> refused
                && refused.reason() == RefusalReason.UNKNOWN_ISSUER) {
            return registry.read(view -> imported(view, chain.get(0), clock.instant()));
        }
        return ours.then(leaf -> {
            Adoptions.complete(registry, leaf);
            return registry.read(view -> identify(view, Certificates.fingerprint(leaf), clock.instant()));
        });
    }

    /** What somebody else issued is known by its fingerprint or not at all: the import has judged the rest of it. */
    private Outcome<Known> imported(View view, X509Certificate leaf, Instant now) {
        var issuers = view.importedAuthorities().stream()
                .filter(authority -> issued(authority, leaf))
                .map(View.ImportedAuthority::sha256)
                .toList();
        if (issuers.isEmpty()) {
            return Outcome.refused(RefusalReason.UNKNOWN_ISSUER);
        }
        var sha256 = Certificates.fingerprint(leaf);
        return view.certificate(sha256)
                        .flatMap(DeviceCertificate::importedFrom)
                        .filter(issuers::contains)
                        .isPresent()
                ? identify(view, sha256, now)
                : Outcome.refused(RefusalReason.UNKNOWN_CERTIFICATE);
    }

    private boolean issued(View.ImportedAuthority authority, X509Certificate leaf) {
        return issued(importedCas.computeIfAbsent(authority.sha256(), any -> parsed(authority)), leaf);
    }

    private static X509Certificate parsed(View.ImportedAuthority authority) {
        try {
            return Certificates.parse(authority.der());
        } catch (MalformedException e) {
            throw new IllegalStateException("a stored CA cannot be read", e);
        }
    }

    /** Whether the certificate is one of ours to judge: it names one of our authorities as its issuer, or is in the registry. */
    boolean ours(List<X509Certificate> chain) {
        if (chain.isEmpty()) {
            return false;
        }
        var leaf = chain.get(0);
        return issuer.devicesCas().stream()
                        .anyMatch(ca -> ca.getSubjectX500Principal().equals(leaf.getIssuerX500Principal()))
                || registry.read(view -> view.certificate(Certificates.fingerprint(leaf)))
                        .isPresent();
    }

    /** As {@link #identify}, and refused unless certificate, device and fleet are good now. */
    public Outcome<Known> admit(List<X509Certificate> chain) {
        return identify(chain).then(CertificateJudge::good);
    }

    /** A certificate of the registry with its device. {@code refusal} is why it is not good now, when it is not. */
    public record Known(Device device, Fleet fleet, DeviceCertificate certificate, Optional<RefusalReason> refusal) {}

    /** The leaf of a chain, when one of these authorities signed it for a client. */
    static Outcome<X509Certificate> leaf(List<X509Certificate> chain, List<X509Certificate> authorities) {
        if (chain.isEmpty()) {
            return Outcome.refused(RefusalReason.NO_CERTIFICATE);
        }
        var leaf = chain.get(0);
        if (authorities.stream().noneMatch(authority -> issued(authority, leaf))) {
            return Outcome.refused(RefusalReason.UNKNOWN_ISSUER);
        }
        return forClients(leaf) ? Outcome.done(leaf) : Outcome.refused(RefusalReason.BAD_CERTIFICATE);
    }

    private static boolean issued(X509Certificate authority, X509Certificate leaf) {
        return leaf.getIssuerX500Principal().equals(authority.getSubjectX500Principal())
                && Certificates.isSignedBy(leaf, authority.getPublicKey());
    }

    private static boolean forClients(X509Certificate leaf) {
        try {
            var usages = leaf.getExtendedKeyUsage();
            return leaf.getBasicConstraints() < 0 && usages != null && usages.contains(CLIENT_AUTH);
        } catch (CertificateParsingException e) {
            return false;
        }
    }

    /** The same inside a transaction, where the answer cannot change any more. */
    static Outcome<Known> admit(View view, Fingerprint sha256, Instant now) {
        return identify(view, sha256, now).then(CertificateJudge::good);
    }

    private static Outcome<Known> good(Known known) {
        return known.refusal().<Outcome<Known>>map(Outcome::refused).orElseGet(() -> Outcome.done(known));
    }

    /** As long as witnesses of the time after a backup are asked, it may become known in a moment. */
    private static RefusalReason unknown(View view, Instant now) {
        boolean mayCome =
                view.restoration().filter(restoration -> restoration.open(now)).isPresent();
        return mayCome ? RefusalReason.UNAVAILABLE : RefusalReason.UNKNOWN_CERTIFICATE;
    }

    static Outcome<Known> identify(View view, Fingerprint sha256, Instant now) {
        var certificate = view.certificate(sha256);
        if (certificate.isEmpty()) {
            return Outcome.refused(unknown(view, now));
        }
        var device = view.device(certificate.get().device()).orElseThrow();
        var fleet = view.fleet(device.fleet()).orElseThrow();
        return Outcome.done(
                new Known(device, fleet, certificate.get(), refusal(device, fleet, certificate.get(), now)));
    }

    /** What is final comes first, then what may pass, then time. */
    private static Optional<RefusalReason> refusal(
            Device device, Fleet fleet, DeviceCertificate certificate, Instant now) {
        var ofDevice = DeviceRules.refusal(device);
        if (ofDevice.equals(Optional.of(RefusalReason.DECOMMISSIONED))) {
            return ofDevice;
        }
        if (certificate.state() == CertificateState.REVOKED) {
            return Optional.of(RefusalReason.REVOKED);
        }
        if (certificate.state() == CertificateState.SUPERSEDED) {
            return Optional.of(RefusalReason.SUPERSEDED);
        }
        if (ofDevice.isPresent()) {
            return ofDevice;
        }
        var ofFleet = DeviceRules.refusal(fleet);
        if (ofFleet.isPresent()) {
            return ofFleet;
        }
        if (certificate.state() == CertificateState.HELD) {
            return Optional.of(RefusalReason.HELD);
        }
        if (now.isBefore(certificate.notBefore())) {
            return Optional.of(RefusalReason.NOT_YET_VALID);
        }
        return certificate.expired(now) ? Optional.of(RefusalReason.EXPIRED) : Optional.empty();
    }
}
