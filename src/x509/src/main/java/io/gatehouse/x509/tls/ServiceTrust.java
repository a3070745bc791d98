package io.gatehouse.x509.tls;

import java.security.GeneralSecurityException;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Trust of a client in the enrollment service or a broker. Guarantee: a handshake over a context from here succeeds only with a server whose
 * certificate chains to one of the anchors (PKIX, RFC 5280, at the time of the given clock), is fit for serverAuth, names the host that was
 * asked for (RFC 6125, by the JDK's endpoint identification) and carries the role in its only URI.
 *
 * <p>Endpoint identification must be on: {@code java.net.http} always has it; for sockets and engines apply {@link #parameters()}. Without it
 * the handshake fails. TLS 1.2 and 1.3 only. Immutable and thread-safe.
 */
public final class ServiceTrust {
    private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

    private final Set<TrustAnchor> anchors;
    private final ServerRole role;
    private final InstantSource clock;

    private ServiceTrust(Set<TrustAnchor> anchors, ServerRole role, InstantSource clock) {
        this.anchors = anchors;
        this.role = role;
        this.clock = clock;
    }

    /** Trusts servers of this role below these anchors, of which there is at least one. */
    public static ServiceTrust of(Collection<X509Certificate> anchors, ServerRole role, InstantSource clock) {
        if (anchors.isEmpty()) {
            throw new IllegalArgumentException("trust without an anchor");
        }
        return new ServiceTrust(
                anchors.stream().map(anchor -> new TrustAnchor(anchor, null)).collect(Collectors.toUnmodifiableSet()),
                role,
                clock);
    }

    /** A context without a client certificate. */
    public SSLContext sslContext() {
        return context(new KeyManager[0]);
    }

    /** A context that presents this identity when the server asks for a certificate. */
    public SSLContext sslContext(ClientIdentity identity) {
        return context(new KeyManager[] {new OneIdentity(identity)});
    }

    /** The parameters that a socket or engine needs: endpoint identification, TLS 1.2 and 1.3. */
    public static SSLParameters parameters() {
        var parameters = new SSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        parameters.setProtocols(PROTOCOLS.clone());
        return parameters;
    }

    /** The trust manager of the contexts. */
    public X509ExtendedTrustManager trustManager() {
        return new RoleTrustManager(anchors, role, clock);
    }

    /** The anchors' certificates. */
    public List<X509Certificate> anchors() {
        return anchors.stream().map(TrustAnchor::getTrustedCert).toList();
    }

    private SSLContext context(KeyManager[] keys) {
        try {
            var context = SSLContext.getInstance("TLS");
            context.init(keys, new TrustManager[] {trustManager()}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java platform has no TLS", e);
        }
    }
}
