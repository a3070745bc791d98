package io.gatehouse.gateway.install;

import io.gatehouse.enrollment.app.Brokers;
import io.gatehouse.enrollment.app.CsrRules;
import io.gatehouse.enrollment.app.IssuingLimits;
import io.gatehouse.enrollment.app.Presence;
import io.gatehouse.enrollment.app.domain.Actor;
import io.gatehouse.enrollment.app.domain.Outcome;
import io.gatehouse.enrollment.ca.AuthorityName;
import io.gatehouse.enrollment.ca.CertificateIssuer;
import io.gatehouse.enrollment.ca.Hierarchies;
import io.gatehouse.enrollment.config.Home;
import io.gatehouse.enrollment.config.ServiceConfig;
import io.gatehouse.enrollment.store.SqliteRegistry;
import io.gatehouse.x509.Keys;
import io.gatehouse.x509.Pem;
import io.gatehouse.x509.Pkcs10Request;
import io.gatehouse.x509.TrustDomain;
import io.gatehouse.x509.der.MalformedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyPair;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;

/**
 * The identities of this machine's own broker: made where they are missing or near their end, while the service does not run yet.
 * While it runs, the extension renews them itself.
 */
public final class NodeIdentity {
    private final Home home;
    private final ServiceConfig config;
    private final InstantSource clock;

    public NodeIdentity(Home home, ServiceConfig config, InstantSource clock) {
        this.home = home;
        this.config = config;
        this.clock = clock;
    }

    /** Registers the broker and issues what it lacks. Only while no service has this home open. */
    public void ensure(Supplier<Hierarchies> hierarchies, BrokerHome broker) {
        try {
            Files.createDirectories(home.brokerConf());
            Files.copy(home.trustPem(), home.brokerConf().resolve("trust.pem"), StandardCopyOption.REPLACE_EXISTING);
            boolean feed = isFresh("feed");
            boolean server = isFresh("server") && namesAreCurrent() && broker.storesOpen();
            if (feed && server) {
                return;
            }
            issue(hierarchies.get(), broker, !feed, !server);
        } catch (MalformedException e) {
            throw new IllegalStateException("a certificate that was just written cannot be read", e);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the broker's identity in " + home.brokerConf(), e);
        }
    }

    private void issue(Hierarchies hierarchies, BrokerHome broker, boolean feed, boolean server)
            throws IOException, MalformedException {
        TrustDomain domain = TrustDomain.of(config.trustDomain());
        try (SqliteRegistry registry = SqliteRegistry.openExisting(home.database(), clock)) {
            Brokers brokers = new Brokers(
                    registry,
                    new CertificateIssuer(hierarchies, config),
                    new CsrRules(domain),
                    new Presence(),
                    new IssuingLimits(clock),
                    domain,
                    config.certificateNames(),
                    clock);
            done(brokers.enroll(Actor.SYSTEM, BrokerHome.FIRST));
            X509Certificate servicesCa = hierarchies.certificate(AuthorityName.SERVICES);
            if (feed) {
                issue(brokers, "feed", Brokers.Use.FEED, servicesCa);
            }
            if (server) {
                KeyPair keys = issue(brokers, "server", Brokers.Use.SERVER, servicesCa);
                List<X509Certificate> chain = Pem.certificates(Files.readString(pem("server")));
                broker.writeStores(keys.getPrivate(), chain, hierarchies.devicesCertificates());
            }
        }
    }

    private KeyPair issue(Brokers brokers, String name, Brokers.Use use, X509Certificate issuer) throws IOException {
        KeyPair keys = Keys.generateP256();
        X509Certificate certificate =
                done(brokers.certificate(BrokerHome.FIRST, use, Pkcs10Request.create(keys, BrokerHome.FIRST.value())));
        OwnerOnly.write(home.brokerConf().resolve(name + ".key"), Pem.write(keys.getPrivate()));
        OwnerOnly.write(pem(name), Pem.write(List.of(certificate, issuer)));
        return keys;
    }

    /**
     * Whether the certificate is there, is valid already, and has more than half of its life before it. One of a time to come was made by a
     * clock that was ahead: the service would not let the broker renew it.
     */
    private boolean isFresh(String name) throws IOException {
        Path file = pem(name);
        if (!Files.exists(file) || !Files.exists(home.brokerConf().resolve(name + ".key"))) {
            return false;
        }
        try {
            X509Certificate certificate =
                    Pem.certificates(Files.readString(file)).get(0);
            Instant from = certificate.getNotBefore().toInstant();
            Instant until = certificate.getNotAfter().toInstant();
            Instant now = clock.instant();
            return !now.isBefore(from)
                    && now.isBefore(from.plus(Duration.between(from, until).dividedBy(2)));
        } catch (MalformedException | IndexOutOfBoundsException e) {
            return false;
        }
    }

    /** Whether the server's certificate carries every name of the configuration. */
    private boolean namesAreCurrent() throws IOException {
        try {
            X509Certificate certificate =
                    Pem.certificates(Files.readString(pem("server"))).get(0);
            List<String> names = certificate.getSubjectAlternativeNames().stream()
                    .map(name -> name.get(1))
                    .filter(String.class::isInstance)
                    .map(String.class::cast)
                    .toList();
            return names.containsAll(config.certificateNames());
        } catch (MalformedException | CertificateParsingException e) {
            return false;
        }
    }

    private Path pem(String name) {
        return home.brokerConf().resolve(name + ".pem");
    }

    private static <T> T done(Outcome<T> outcome) {
        if (outcome instanceof Outcome.Done<T> done) {
            return done.value();
        }
        throw new IllegalStateException("the home's own broker was refused: " + outcome);
    }
}
