package io.gatehouse.benchmarks;

import io.gatehouse.x509.tls.ClientIdentity;
import io.gatehouse.x509.tls.ServiceTrust;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Connections of many devices to one service, each with a full handshake. The service's certificate is checked in full once and then
 * by equality, which is no weaker and spares the client's processor. Thread-safe.
 */
final class DeviceTls {
    private static final int LIMIT_MILLIS = 30_000;
    private static final ThreadLocal<ClientIdentity> IDENTITY = new ThreadLocal<>();

    private final int port;
    private final SSLContext context;
    private final String[] protocols;
    // No name comes twice, so that no handshake can resume the session of another.
    private final AtomicLong names = new AtomicLong();

    private DeviceTls(int port, X509Certificate pinned, String protocol, int sessions) {
        this.port = port;
        this.protocols = new String[] {protocol};
        try {
            this.context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[] {new OneAtATime()}, new TrustManager[] {new Pinned(pinned)}, null);
            context.getClientSessionContext().setSessionCacheSize(sessions);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java platform has no TLS", e);
        }
    }

    /** For one version of TLS alone. */
    static DeviceTls of(ServiceHome service, String protocol) throws IOException {
        try (SSLSocket socket =
                (SSLSocket) service.trusting().getSocketFactory().createSocket("localhost", service.enrollPort())) {
            socket.setSSLParameters(ServiceTrust.parameters());
            socket.startHandshake();
            X509Certificate checked = (X509Certificate) socket.getSession().getPeerCertificates()[0];
            return new DeviceTls(service.enrollPort(), checked, protocol, 1);
        }
    }

    /** To a server whose certificate is known, over one version of TLS; keeps up to so many sessions that can be resumed. */
    static DeviceTls to(int port, X509Certificate known, String protocol, int sessions) {
        return new DeviceTls(port, known, protocol, sessions);
    }

    /** A new connection of a device that has no certificate. */
    DeviceConnection connect() throws IOException {
        return new DeviceConnection(handshake("d" + names.incrementAndGet()));
    }

    /** A full handshake of that device, which resumes no session. */
    SSLSocket open(ClientIdentity device) throws IOException {
        return openAs(device, "d" + names.incrementAndGet());
    }

    /** A handshake that resumes the session which was last opened under that name, if there is one. */
    SSLSocket openAs(ClientIdentity device, String name) throws IOException {
        IDENTITY.set(device);
        try {
            return handshake(name);
        } finally {
            IDENTITY.remove();
        }
    }

    private SSLSocket handshake(String name) throws IOException {
        Socket tcp = new Socket();
        tcp.setTcpNoDelay(true);
        tcp.setSoTimeout(LIMIT_MILLIS);
        tcp.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), LIMIT_MILLIS);
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(tcp, name, port, true);
        socket.setEnabledProtocols(protocols);
        socket.startHandshake();
        return socket;
    }

    /** A new connection of the device with that certificate. */
    DeviceConnection connect(ClientIdentity device) throws IOException {
        return new DeviceConnection(open(device));
    }

    /** The identity of the device that this thread is at the moment, if it has one. */
    private static final class OneAtATime extends X509ExtendedKeyManager {
        @Override
        public @Nullable String chooseClientAlias(
                String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
            return IDENTITY.get() != null && Arrays.asList(keyTypes).contains("EC") ? "device" : null;
        }

        @Override
        public X509Certificate @Nullable [] getCertificateChain(String alias) {
            return IDENTITY.get().chain().toArray(X509Certificate[]::new);
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            return IDENTITY.get().key();
        }

        @Override
        public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
            return null;
        }

        @Override
        public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
            return null;
        }

        @Override
        public @Nullable String chooseServerAlias(
                String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
            return null;
        }
    }

    private static final class Pinned extends X509ExtendedTrustManager {
        private final X509Certificate pinned;

        Pinned(X509Certificate pinned) {
            this.pinned = pinned;
        }

        private void check(X509Certificate[] chain) throws CertificateException {
            if (!chain[0].equals(pinned)) {
                throw new CertificateException("another certificate than the service's");
            }
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
            check(chain);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
                throws CertificateException {
            check(chain);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
                throws CertificateException {
            check(chain);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
            throw new CertificateException("for a client's side only");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
                throws CertificateException {
            throw new CertificateException("for a client's side only");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
                throws CertificateException {
            throw new CertificateException("for a client's side only");
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
