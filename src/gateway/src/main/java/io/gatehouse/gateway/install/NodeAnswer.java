package io.gatehouse.gateway.install;

import com.fasterxml.jackson.databind.JsonNode;
import io.gatehouse.identity.BrokerName;
import io.gatehouse.x509.Certificates;
import io.gatehouse.x509.Keys;
import io.gatehouse.x509.Pem;
import io.gatehouse.x509.SpiffeId;
import io.gatehouse.x509.TrustDomain;
import io.gatehouse.x509.der.MalformedException;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the service answered to a node's order, read whole: both certificates are for the keys and the name that were asked for and lead
 * to the trust that came with them. Immutable.
 *
 * @param feed the chain, the node's own first
 * @param server the same for the listeners
 * @param trust the PEM as it came
 * @param services where the service says that its enroll port is; at least one
 */
record NodeAnswer(
        List<X509Certificate> feed,
        List<X509Certificate> server,
        String trust,
        List<X509Certificate> devicesCas,
        TrustDomain trustDomain,
        List<URI> services,
        Duration maxStale,
        List<String> names) {

    /** Throws {@link NotEnrolled} when anything in it is missing, cannot be read or is for somebody else. */
    static NodeAnswer read(JsonNode json, BrokerName name, NodeKeys keys) {
        TrustDomain domain = TrustDomain.parse(json.path("trustDomain").asText())
                .orElseThrow(() -> wrong("trustDomain", TrustDomain.RULE));
        List<X509Certificate> trust = certificates(json, "trust");
        NodeAnswer answer = new NodeAnswer(
                certificates(json, "feedCertificate"),
                certificates(json, "serverCertificate"),
                json.path("trust").asText(),
                certificates(json, "devicesCas"),
                domain,
                services(json),
                maxStale(json),
                texts(json.path("names")));
        require(answer.feed, keys.feed(), trust, new SpiffeId.Broker(domain, name), "feedCertificate");
        require(answer.server, keys.server(), trust, new SpiffeId.Broker(domain, name), "serverCertificate");
        return answer;
    }

    Instant notAfter() {
        return feed.get(0).getNotAfter().toInstant();
    }

    private static void require(
            List<X509Certificate> chain,
            NodeKeys.Pair pair,
            List<X509Certificate> trust,
            SpiffeId.Broker id,
            String member) {
        if (!Keys.match(pair.key(), chain.get(0).getPublicKey())) {
            throw wrong(member, "a certificate for the key of this node");
        }
        if (!Certificates.spiffeId(chain.get(0)).equals(Optional.of(id))) {
            throw wrong(member, "a certificate for " + id.uri());
        }
        for (int i = 1; i < chain.size(); i++) {
            if (!issued(chain.get(i), chain.get(i - 1))) {
                throw wrong(member, "a chain in which each certificate is signed by the next");
            }
        }
        X509Certificate last = chain.get(chain.size() - 1);
        if (trust.stream().noneMatch(anchor -> anchor.equals(last) || issued(anchor, last))) {
            throw wrong(member, "a chain that leads to the trust of the same answer");
        }
    }

    private static boolean issued(X509Certificate issuer, X509Certificate certificate) {
        return certificate.getIssuerX500Principal().equals(issuer.getSubjectX500Principal())
                && Certificates.isSignedBy(certificate, issuer.getPublicKey());
    }

    private static List<X509Certificate> certificates(JsonNode json, String member) {
        try {
            return Pem.certificates(json.path(member).asText());
        } catch (MalformedException e) {
            throw wrong(member, "certificates in PEM (" + e.getMessage() + ")");
        }
    }

    private static List<URI> services(JsonNode json) {
        List<URI> services = texts(json.path("services")).stream()
                .map(text -> ServiceAddress.parse(text).orElseThrow(() -> wrong("services", ServiceAddress.RULE)))
                .toList();
        if (services.isEmpty()) {
            throw wrong("services", "at least one " + ServiceAddress.RULE);
        }
        return services;
    }

    private static Duration maxStale(JsonNode json) {
        try {
            Duration given = Duration.parse(json.path("maxStale").asText("PT24H"));
            if (given.compareTo(Duration.ZERO) > 0) {
                return given;
            }
        } catch (DateTimeException e) {
            // said below
        }
        throw wrong("maxStale", "a duration above zero");
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(item -> texts.add(item.asText()));
        return List.copyOf(texts);
    }

    private static NotEnrolled wrong(String member, String needed) {
        return new NotEnrolled("the service's answer cannot be used, and nothing in use was changed: " + member
                + " must be " + needed);
    }
}
