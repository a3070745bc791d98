package io.gatehouse.enrollment.app;

import io.gatehouse.enrollment.app.domain.Actor;
import io.gatehouse.enrollment.app.domain.Broker;
import io.gatehouse.enrollment.app.domain.Outcome;
import io.gatehouse.enrollment.app.port.Issuer;
import io.gatehouse.enrollment.app.port.Registry;
import io.gatehouse.enrollment.app.port.View;
import io.gatehouse.identity.BrokerName;
import io.gatehouse.identity.RefusalReason;
import io.gatehouse.x509.Certificates;
import io.gatehouse.x509.PublicKeys.SubjectKey;
import io.gatehouse.x509.SpiffeId;
import io.gatehouse.x509.TrustDomain;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The broker nodes: registers them, issues their certificates, knows them by their feed certificate. Thread-safe. */
public final class Brokers {
    /** How long a broker's certificates are good for; they are renewed at half of it. */
    public static final Duration LIFETIME = Duration.ofDays(7);

    static final Duration BACKDATED = Duration.ofMinutes(5);

    private final Registry registry;
    private final Issuer issuer;
    private final CsrRules rules;
    private final Presence presence;
    private final IssuingLimits limits;
    private final TrustDomain domain;
    private final List<String> hosts;
    private final InstantSource clock;

    /** @param hosts names and addresses for the server certificate of a broker that was enrolled without names of its own */
    public Brokers(
            Registry registry,
            Issuer issuer,
            CsrRules rules,
            Presence presence,
            IssuingLimits limits,
            TrustDomain domain,
            List<String> hosts,
            InstantSource clock) {
        this.registry = registry;
        this.issuer = issuer;
        this.rules = rules;
        this.presence = presence;
        this.limits = limits;
        this.domain = domain;
        this.hosts = List.copyOf(hosts);
        this.clock = clock;
    }

    /** What a broker's certificate is for. */
    public enum Use {
        /** The listener that devices connect to. */
        SERVER,
        /** The feed; the certificate is registered beside the older ones. */
        FEED
    }

    /** A broker as the registry knows it, and what was seen of it since the start. */
    public record Shown(Broker broker, Optional<Presence.Seen> seen) {}

    /** Registers the node; done also when it is registered already. */
    public Outcome<Broker> enroll(Actor actor, BrokerName name) {
        return registry.write(transaction -> {
            var known = transaction.broker(name);
            if (known.isPresent()) {
                return Outcome.done(known.get());
            }
            var broker = Broker.enrolled(name, clock.instant(), List.of());
            transaction.save(broker);
            transaction.audit(actor, "broker.enroll", name.value(), Map.of());
            return Outcome.done(broker);
        });
    }

    /** Forgets the node: from now on its certificates open nothing. Its open feed is {@link FeedHub#cut}. */
    public Outcome<BrokerName> remove(Actor actor, BrokerName name) {
        return registry.write(transaction -> known(transaction, name).map(broker -> {
            transaction.remove(name);
            transaction.audit(actor, "broker.remove", name.value(), Map.of());
            return name;
        }));
    }

    /** A certificate of 7 days for the key of this PKCS#10 request; the names are ours to choose. */
    public Outcome<X509Certificate> certificate(BrokerName name, Use use, byte[] pkcs10) {
        return registry.<Outcome<Broker>>read(view -> known(view, name))
                .then(broker -> rules.readForService(pkcs10).then(csr -> switch (use) {
                    case SERVER -> Outcome.done(server(broker, csr.key()));
                    case FEED -> feed(name, csr.key(), view -> Outcome.done(name));
                }));
    }

    /** The same for a broker that asks for it itself, which gets no more than {@link IssuingLimits} say. */
    public Outcome<X509Certificate> renew(BrokerName name, Use use, byte[] pkcs10) {
        return registry.<Outcome<Broker>>read(view -> known(view, name))
                .then(broker -> rules.readForService(pkcs10).then(csr -> switch (use) {
                    case SERVER -> limits.ofListener(name, csr.key()).map(key -> server(broker, key));
                    case FEED ->
                        registry.<Outcome<SubjectKey>>read(view -> limits.ofFeed(view, name, csr.key()))
                                .then(key -> feed(name, key, transaction -> limits.ofFeed(transaction, name, name)));
                }));
    }

    /** Which registered broker presents exactly its registered feed certificate. */
    public Outcome<BrokerName> identify(List<X509Certificate> chain) {
        return CertificateJudge.leaf(chain, List.of(issuer.servicesCa())).then(leaf -> {
            var found = registry.read(view -> view.brokerCertificate(Certificates.fingerprint(leaf)))
                    .or(() -> adopted(leaf));
            if (found.isEmpty()) {
                return Outcome.refused(RefusalReason.UNKNOWN_CERTIFICATE);
            }
            var name = found.get().broker();
            if (!Certificates.uris(leaf).equals(List.of(domain.broker(name)))) {
                return Outcome.refused(RefusalReason.WRONG_ROLE);
            }
            var now = clock.instant();
            if (now.isBefore(found.get().notBefore())) {
                return Outcome.refused(RefusalReason.NOT_YET_VALID);
            }
            return now.isAfter(found.get().notAfter()) ? Outcome.refused(RefusalReason.EXPIRED) : Outcome.done(name);
        });
    }

    /**
     * After a restore: the certificate that a broker of the backup was given after it. Our CA has signed it for that role; whether the
     * broker was removed after the backup cannot be known.
     */
    private Optional<View.BrokerCertificate> adopted(X509Certificate leaf) {
        var now = clock.instant();
        var name = Certificates.spiffeId(leaf)
                .filter(SpiffeId.Broker.class::isInstance)
                .map(id -> ((SpiffeId.Broker) id).broker())
                .filter(broker -> Certificates.uris(leaf).equals(List.of(domain.broker(broker))));
        if (name.isEmpty() || !registry.read(view -> adopts(view, name.get(), now))) {
            return Optional.empty();
        }
        var certificate = new View.BrokerCertificate(
                Certificates.fingerprint(leaf),
                name.get(),
                leaf.getNotBefore().toInstant(),
                leaf.getNotAfter().toInstant());
        return registry.write(transaction -> {
            if (transaction.brokerCertificate(certificate.sha256()).isEmpty() && adopts(transaction, name.get(), now)) {
                transaction.insert(certificate, Certificates.keyFingerprint(leaf.getPublicKey()));
                transaction.audit(
                        Actor.broker(name.get()),
                        "broker.certificate-adopt",
                        name.get().value(),
                        Map.of("certificate", certificate.sha256().hex()));
            }
            return transaction.brokerCertificate(certificate.sha256());
        });
    }

    private static boolean adopts(View view, BrokerName name, Instant now) {
        return view.broker(name).isPresent()
                && view.restoration()
                        .filter(restoration -> restoration.open(now))
                        .isPresent();
    }

    /** By name, with what is newer in memory than in the registry. */
    public List<Broker> list() {
        return shown().stream()
                .map(shown -> shown.broker()
                        .seen(
                                shown.seen().map(Presence.Seen::last).or(shown.broker()::lastSeen),
                                shown.seen().flatMap(Presence.Seen::confirmed).or(shown.broker()::position)))
                .toList();
    }

    /** By name. */
    public List<Shown> shown() {
        return registry.read(View::brokers).stream()
                .map(broker -> new Shown(broker, presence.of(broker.name())))
                .toList();
    }

    private X509Certificate server(Broker broker, SubjectKey key) {
        var now = clock.instant();
        var names = broker.names().isEmpty() ? hosts : broker.names();
        return issuer.issueServer(names, domain.broker(broker.name()), key.publicKey(), begin(now), now.plus(LIFETIME));
    }

    /** @param right decided in the transaction that stores the certificate */
    private Outcome<X509Certificate> feed(BrokerName name, SubjectKey key, Function<View, Outcome<BrokerName>> right) {
        var now = clock.instant();
        var certificate = issuer.issueFeed(name, key.publicKey(), begin(now), now.plus(LIFETIME));
        var sha256 = Certificates.fingerprint(certificate);
        return registry.write(transaction -> known(transaction, name)
                .then(broker -> right.apply(transaction))
                .map(may -> {
                    transaction.insert(
                            new View.BrokerCertificate(
                                    sha256,
                                    name,
                                    certificate.getNotBefore().toInstant(),
                                    certificate.getNotAfter().toInstant()),
                            key.fingerprint());
                    transaction.audit(
                            Actor.broker(name),
                            "broker.certificate",
                            name.value(),
                            Map.of("certificate", sha256.hex()));
                    return certificate;
                }));
    }

    private static Instant begin(Instant now) {
        return now.minus(BACKDATED);
    }

    private static Outcome<Broker> known(View view, BrokerName name) {
        return view.broker(name)
                .<Outcome<Broker>>map(Outcome::done)
                .orElseGet(() -> Outcome.refused(RefusalReason.NOT_FOUND, "no such broker"));
    }
}
