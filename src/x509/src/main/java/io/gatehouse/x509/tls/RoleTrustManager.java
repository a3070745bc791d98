package io.gatehouse.x509.tls;

import io.gatehouse.x509.Certificates;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.Date;
import java.util.Set;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** The JDK's PKIX trust manager, asked at the time of our clock, and the role on top. A check without endpoint identification is refused. */
final class RoleTrustManager extends X509ExtendedTrustManager {
    private final Set<TrustAnchor> anchors;
    private final ServerRole role;
    private final InstantSource clock;

    RoleTrustManager(Set<TrustAnchor> anchors, ServerRole role, InstantSource clock) {
        this.anchors = anchors;
        this.role = role;
        this.clock = clock;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        requireHostNameCheck(socket instanceof SSLSocket ssl ? ssl.getSSLParameters() : null);
        now().checkServerTrusted(chain, authType, socket);
        requireRole(chain[0]);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        requireHostNameCheck(engine.getSSLParameters());
        now().checkServerTrusted(chain, authType, engine);
        requireRole(chain[0]);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new CertificateException("a server is not trusted without the connection that it was met on");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        throw noClients();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        throw noClients();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw noClients();
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }

    private void requireRole(X509Certificate leaf) throws CertificateException {
        if (Certificates.spiffeId(leaf).filter(role.allows()).isEmpty()) {
            throw new WrongRoleException(role);
        }
    }

    private static void requireHostNameCheck(@Nullable SSLParameters parameters) throws CertificateException {
        if (parameters == null || !"HTTPS".equalsIgnoreCase(parameters.getEndpointIdentificationAlgorithm())) {
            throw new CertificateException("endpoint identification is off: the server's name would go unchecked");
        }
    }

    private static CertificateException noClients() {
        return new CertificateException("this trust is for servers only");
    }

    /** A fresh trust manager, because the JDK's takes its time of validation once and for all. */
    private X509ExtendedTrustManager now() throws CertificateException {
        try {
            var parameters = new PKIXBuilderParameters(anchors, new X509CertSelector());
            parameters.setRevocationEnabled(false);
            parameters.setDate(Date.from(clock.instant()));
            var factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(new CertPathTrustManagerParameters(parameters));
            return (X509ExtendedTrustManager) factory.getTrustManagers()[0];
        } catch (GeneralSecurityException e) {
            throw new CertificateException("the trust anchors cannot be used", e);
        }
    }
}
