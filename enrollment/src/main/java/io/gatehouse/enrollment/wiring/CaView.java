package io.gatehouse.enrollment.wiring;

import io.gatehouse.enrollment.ca.Generation;
import io.gatehouse.enrollment.ca.Hierarchies;
import io.gatehouse.enrollment.ca.ScheduledCrls;
import io.gatehouse.enrollment.ca.ServerCertificates;
import io.gatehouse.enrollment.ca.ocsp.OcspResponder;
import io.gatehouse.enrollment.config.Home;
import io.gatehouse.enrollment.keys.CryptoProvider;
import io.gatehouse.enrollment.pki.Publications;
import io.gatehouse.enrollment.pki.Responder;
import io.gatehouse.enrollment.status.CaFacts;
import io.gatehouse.x509.Certificates;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** The authorities as the edges want to see them. */
final class CaView implements Publications, Responder, CaFacts {
    private static final Duration CACHED_CERTIFICATE = Duration.ofDays(1);
    private static final Duration CACHED_CRL = Duration.ofMinutes(1);

    private final Hierarchies hierarchies;
    private final ScheduledCrls crls;
    private final OcspResponder ocsp;
    private final ServerCertificates server;
    private final Optional<PublicIdentity> publicIdentity;
    private final Home home;
    private final InstantSource clock;

    CaView(
            Hierarchies hierarchies,
            ScheduledCrls crls,
            OcspResponder ocsp,
            ServerCertificates server,
            Optional<PublicIdentity> publicIdentity,
            Home home,
            InstantSource clock) {
        this.hierarchies = hierarchies;
        this.crls = crls;
        this.ocsp = ocsp;
        this.server = server;
        this.publicIdentity = publicIdentity;
        this.home = home;
        this.clock = clock;
    }

    @Override
    public Optional<Published> crl(String name) {
        return known(name).map(crls::current).map(crl -> {
            var left = Duration.between(clock.instant(), crl.nextUpdate());
            return new Published(
                    crl.der(),
                    crl.number().toString(),
                    Optional.of(crl.thisUpdate()),
                    left.compareTo(CACHED_CRL) < 0 ? left : CACHED_CRL);
        });
    }

    @Override
    public Optional<Published> certificate(String name) {
        return Generation.ofWord(name)
                .flatMap(hierarchies::certificate)
                .map(certificate -> new Published(
                        Certificates.der(certificate),
                        Certificates.fingerprint(certificate).hex(),
                        Optional.empty(),
                        CACHED_CERTIFICATE));
    }

    private Optional<Generation> known(String name) {
        return Generation.ofWord(name)
                .filter(generation -> hierarchies.certificate(generation).isPresent());
    }

    @Override
    public Reply answer(byte[] request) {
        var answer = ocsp.answer(request);
        return new Reply(
                answer.der(), answer.kept().map(kept -> new Responder.Kept(kept.thisUpdate(), kept.nextUpdate())));
    }

    @Override
    public List<Authority> authorities() {
        return hierarchies.generations().stream()
                .map(name -> {
                    var certificate = hierarchies.certificate(name).orElseThrow();
                    return new Authority(
                            name.word(),
                            Certificates.fingerprint(certificate).hex(),
                            certificate.getNotAfter().toInstant());
                })
                .toList();
    }

    @Override
    public List<Crl> crls() {
        return hierarchies.generations().stream()
                .map(name -> {
                    var crl = crls.current(name);
                    return new Crl(name.word(), crl.number(), crl.entries(), crl.thisUpdate(), crl.nextUpdate());
                })
                .toList();
    }

    @Override
    public boolean rootKeysHere() {
        return Hierarchies.rootKeysAreHere(home);
    }

    @Override
    public String provider() {
        return CryptoProvider.inUse().toString();
    }

    @Override
    public String x25519() {
        return CryptoProvider.ofX25519().toString();
    }

    @Override
    public Optional<PublicCertificate> publicCertificate() {
        return publicIdentity.map(PublicIdentity::facts);
    }

    @Override
    public Instant serverCertificateUntil() {
        return server.get().certificate().getNotAfter().toInstant();
    }
}
