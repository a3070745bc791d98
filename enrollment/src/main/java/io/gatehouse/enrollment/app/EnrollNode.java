package io.gatehouse.enrollment.app;

import io.gatehouse.enrollment.app.domain.Actor;
import io.gatehouse.enrollment.app.domain.Broker;
import io.gatehouse.enrollment.app.domain.Outcome;
import io.gatehouse.enrollment.app.port.Issuer;
import io.gatehouse.enrollment.app.port.Registry;
import io.gatehouse.enrollment.app.port.Transaction;
import io.gatehouse.enrollment.app.port.View;
import io.gatehouse.identity.BrokerName;
import io.gatehouse.identity.RefusalReason;
import io.gatehouse.x509.Certificates;
import io.gatehouse.x509.Pkcs10Request;
import io.gatehouse.x509.PublicKeys.SubjectKey;
import io.gatehouse.x509.TrustDomain;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/**
 * An administrator registers a broker node on another machine: its keys are made there, and only the requests for its two certificates
 * come here. Registration, certificate and audit entry are one unit of work.
 *
 * <p>Safe to repeat after a power cut: a node is known again by its feed key, also after renewals, and gets its certificates again. A
 * registered name with a key that it never had is refused, unless the order says to replace it; then all that the name had before opens
 * nothing any more. A key that a broker has or had for its feed is none for a listener. Thread-safe.
 */
public final class EnrollNode {
    private final Registry registry;
    private final Issuer issuer;
    private final CsrRules rules;
    private final TrustDomain domain;
    private final InstantSource clock;

    public EnrollNode(Registry registry, Issuer issuer, CsrRules rules, TrustDomain domain, InstantSource clock) {
        this.registry = registry;
        this.issuer = issuer;
        this.rules = rules;
        this.domain = domain;
        this.clock = clock;
    }

    /**
     * What is asked for.
     *
     * @param names host names and addresses for the server certificate, now and at each renewal; at least one
     * @param feed a PKCS#10 request with the key for the feed
     * @param server the same for the listeners, with another key
     * @param replace whether a node that has the name already loses it
     */
    @SuppressWarnings("ArrayRecordComponent") // read once
    public record Order(BrokerName name, List<String> names, byte[] feed, byte[] server, boolean replace) {
        public Order {
            names = List.copyOf(names);
        }
    }

    /** @param replaced whether the name was another key's before, whose open feed is to be cut */
    public record Enrolled(Broker broker, X509Certificate feed, X509Certificate server, boolean replaced) {}

    private record Keys(SubjectKey feed, SubjectKey server) {}

    private enum Standing {
        NEW,
        AGAIN,
        REPLACED
    }

    public Outcome<Enrolled> enroll(Actor actor, Order order) {
        return keys(order)
                .then(keys -> registry.<Outcome<Standing>>read(view -> standing(view, order, keys))
                        .then(may -> issue(actor, order, keys)));
    }

    private Outcome<Keys> keys(Order order) {
        return rules.readForService(order.feed())
                .map(Pkcs10Request::key)
                .then(feed -> rules.readForService(order.server())
                        .map(Pkcs10Request::key)
                        .then(server -> feed.fingerprint().equals(server.fingerprint())
                                ? Outcome.refused(
                                        RefusalReason.BAD_REQUEST, "the feed and the server need different keys")
                                : Outcome.done(new Keys(feed, server))));
    }

    private static Outcome<Standing> standing(View view, Order order, Keys keys) {
        // The registry has the keys of feed certificates only: a listener's key of before is none of these, and stays
        // good.
        var reader = view.brokerOfKey(keys.server().fingerprint());
        if (reader.isPresent()) {
            return Outcome.refused(
                    RefusalReason.KEY_REUSED,
                    "this server key is broker " + reader.get() + "'s for the feed: a listener has one of its own");
        }
        var holder = view.brokerOfKey(keys.feed().fingerprint());
        if (holder.isPresent() && !holder.get().equals(order.name())) {
            return Outcome.refused(
                    RefusalReason.KEY_REUSED,
                    "this feed key is that of broker " + holder.get() + ": each node makes its own");
        }
        if (view.broker(order.name()).isEmpty()) {
            return Outcome.done(Standing.NEW);
        }
        if (holder.isPresent()) {
            return Outcome.done(Standing.AGAIN);
        }
        return order.replace()
                ? Outcome.done(Standing.REPLACED)
                : Outcome.refused(
                        RefusalReason.ALREADY_EXISTS,
                        "broker " + order.name()
                                + " is registered with another key: choose another name, remove that node,"
                                + " or say that this one replaces it");
    }

    private Outcome<Enrolled> issue(Actor actor, Order order, Keys keys) {
        var now = clock.instant();
        var from = now.minus(Brokers.BACKDATED);
        var until = now.plus(Brokers.LIFETIME);
        var feed = issuer.issueFeed(order.name(), keys.feed().publicKey(), from, until);
        var server = issuer.issueServer(
                order.names(), domain.broker(order.name()), keys.server().publicKey(), from, until);
        return registry.write(transaction -> standing(transaction, order, keys).map(standing -> {
            var broker = transaction
                    .broker(order.name())
                    .filter(known -> standing != Standing.REPLACED) // else it had the directory, and was seen
                    .map(known -> known.named(order.names()))
                    .orElseGet(() -> Broker.enrolled(order.name(), now, order.names()));
            if (standing == Standing.REPLACED) {
                transaction.remove(order.name()); // with its certificates
            }
            transaction.save(broker);
            register(transaction, broker, feed, keys.feed());
            transaction.audit(
                    actor,
                    standing == Standing.REPLACED ? "broker.replace" : "broker.enroll",
                    order.name().value(),
                    Map.of(
                            "names", order.names(),
                            "certificate", Certificates.fingerprint(feed).hex(),
                            "serverCertificate",
                                    Certificates.fingerprint(server).hex()));
            return new Enrolled(broker, feed, server, standing == Standing.REPLACED);
        }));
    }

    private static void register(Transaction transaction, Broker broker, X509Certificate feed, SubjectKey key) {
        transaction.insert(
                new View.BrokerCertificate(
                        Certificates.fingerprint(feed),
                        broker.name(),
                        feed.getNotBefore().toInstant(),
                        feed.getNotAfter().toInstant()),
                key.fingerprint());
    }
}
