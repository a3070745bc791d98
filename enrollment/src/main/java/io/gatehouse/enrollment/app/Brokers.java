package io.gatehouse.enrollment.app;

import io.gatehouse.enrollment.app.domain.Actor;
import io.gatehouse.enrollment.app.domain.Broker;
import io.gatehouse.enrollment.app.domain.Outcome;
import io.gatehouse.enrollment.app.port.Issuer;
import io.gatehouse.enrollment.app.port.Registry;
import io.gatehouse.identity.BrokerName;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.List;

/** The broker nodes: registers them, issues their certificates, knows them by their feed certificate. Thread-safe. */
public final class Brokers {
    /** @param hosts names and addresses for the SANs of a broker's server certificate */
    public Brokers(Registry registry, Issuer issuer, String trustDomain, List<String> hosts, InstantSource clock) {}

    /** What a broker's certificate is for. */
    public enum Use {
        /** The listener that devices connect to. */
        SERVER,
        /** The feed; the certificate is registered beside the older ones. */
        FEED
    }

    /** Registers the node; done also when it is registered already. */
    public Outcome<Broker> enroll(Actor actor, BrokerName name) {
        return Soon.soon();
    }

    /** A certificate of 7 days for the key of this PKCS#10 request; the names are ours to choose. */
    public Outcome<X509Certificate> certificate(BrokerName name, Use use, byte[] pkcs10) {
        return Soon.soon();
    }

    /** Which registered broker presents exactly its registered feed certificate. */
    public Outcome<BrokerName> identify(List<X509Certificate> chain) {
        return Soon.soon();
    }

    public List<Broker> list() {
        return Soon.soon();
    }
}
