package io.gatehouse.agent.service;

import io.gatehouse.agent.Attempt;
import io.gatehouse.agent.ExitCode;
import io.gatehouse.identity.Fingerprint;
import io.gatehouse.x509.Certificates;
import io.gatehouse.x509.der.MalformedException;
import io.gatehouse.x509.est.EstCodec;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Finds the services root by its fingerprint: takes cacerts from whoever answers at the address, and of it only the self-signed certificate
 * whose SHA-256 is the one that the administrator gave. Nothing is sent, and nothing else of the answer is believed: everything after it is
 * verified by that root.
 */
public final class FingerprintTrust {
    private FingerprintTrust() {}

    /** The root with that fingerprint. */
    public static Attempt<X509Certificate> find(ServiceAddress address, Fingerprint fingerprint, Duration deadline) {
        try {
            var answer = new HttpsExchange(address, unverified(), deadline).get("/.well-known/est/cacerts");
            if (answer.status() != 200) {
                return Attempt.failed(ExitCode.TRANSIENT, address + " answered " + answer.status() + " to cacerts");
            }
            for (var certificate : EstCodec.certificates(answer.body())) {
                if (Certificates.fingerprint(certificate).equals(fingerprint)) {
                    return Certificates.isSelfSigned(certificate)
                            ? Attempt.done(certificate)
                            : Attempt.failed(ExitCode.REFUSED, "the certificate with that fingerprint is not a root");
                }
            }
            return Attempt.failed(ExitCode.REFUSED, address + " has no root with that fingerprint");
        } catch (MalformedException e) {
            return Attempt.failed(
                    ExitCode.TRANSIENT, address + " answered cacerts that cannot be read: " + e.getMessage());
        } catch (IOException e) {
            return Attempt.failed(ExitCode.TRANSIENT, address + " does not answer: " + Causes.of(e));
        }
    }

    private static SSLContext unverified() {
        try {
            var context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new Anyone()}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java platform has no TLS", e);
        }
    }

    /** Believes nobody and refuses nobody: what it lets in is judged by the fingerprint. */
    private static final class Anyone extends X509ExtendedTrustManager {
        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
