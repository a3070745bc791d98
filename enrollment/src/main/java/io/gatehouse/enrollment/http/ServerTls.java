package io.gatehouse.enrollment.http;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;

/**
 * The server's side of TLS: 1.2 and 1.3, forward secret authenticated suites only, and a certificate that can be replaced while
 * connections come in. One of them may serve several ports. Thread-safe.
 */
public final class ServerTls {
    static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};
    static final String[] SUITES = {
        "TLS_AES_128_GCM_SHA256",
        "TLS_AES_256_GCM_SHA384",
        "TLS_CHACHA20_POLY1305_SHA256",
        "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
        "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
        "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
        "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
        "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
        "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
    };

    private final X509ExtendedKeyManager identity;

    /** @param identity asked at each handshake: may show another certificate than at the one before */
    public ServerTls(X509ExtendedKeyManager identity) {
        this.identity = identity;
    }

    /** A context of its own for each port, so that a session of one port cannot be resumed on another. */
    SSLContext newContext() {
        try {
            var context = SSLContext.getInstance("TLS");
            context.init(
                    new KeyManager[] {identity}, new TrustManager[] {new PossessionOnlyTrust()}, new SecureRandom());
            context.getServerSessionContext().setSessionCacheSize(2_000);
            context.getServerSessionContext().setSessionTimeout(3_600);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("TLS cannot be set up", e);
        }
    }
}
