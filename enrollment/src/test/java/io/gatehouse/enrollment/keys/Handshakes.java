package io.gatehouse.enrollment.keys;

import io.gatehouse.enrollment.ca.CertificateIssuer;
import io.gatehouse.enrollment.ca.Hierarchies;
import io.gatehouse.enrollment.config.ServiceConfig;
import io.gatehouse.identity.DeviceId;
import java.io.IOException;
import java.net.InetAddress;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/** TLS between a server and a device with certificates of our own authorities, over the JDK's JSSE. */
final class Handshakes {
    private static final ServiceConfig CONFIG = ServiceConfig.defaults();
    private static final char[] NO_PASSWORD = {};

    private final String protocol;
    private final CertificateIssuer issuer =
            new CertificateIssuer(Hierarchies.inMemory(CONFIG, InstantSource.system()), CONFIG);

    Handshakes(String protocol) {
        this.protocol = protocol;
    }

    CertificateIssuer issuer() {
        return issuer;
    }

    /** Each shows a certificate that the other trusts. */
    void mutual() throws Exception {
        var now = InstantSource.system().instant();
        var serverPair = SoftwareKey.generate();
        var server = new ServerIdentity(
                serverPair.getPrivate(),
                List.of(
                        issuer.issueServer(
                                CONFIG.hosts(),
                                "spiffe://gatehouse.internal/service/enrollment",
                                serverPair.getPublic(),
                                now.minusSeconds(9),
                                now.plus(Duration.ofDays(1))),
                        issuer.servicesCa()));
        var shown = shownBy(new ServerKeyManager(() -> server));
        ProviderProbe.check(protocol + " shows the server", shown.equals(server.certificate()));
    }

    /** The certificate that a server with these keys shows to a device. */
    X509Certificate shownBy(KeyManager keys) throws Exception {
        var server = context(new KeyManager[] {keys}, issuer.devicesRoot());
        var client = context(deviceKeys(), issuer.servicesRoot());
        var loopback = InetAddress.getLoopbackAddress();
        try (var listening = (SSLServerSocket) server.getServerSocketFactory().createServerSocket(0, 1, loopback)) {
            listening.setNeedClientAuth(true);
            listening.setEnabledProtocols(new String[] {protocol});
            var served = CompletableFuture.runAsync(() -> serveOne(listening));
            try (var socket = (SSLSocket) client.getSocketFactory().createSocket(loopback, listening.getLocalPort())) {
                socket.setSoTimeout(10_000);
                socket.getOutputStream().write(7);
                ProviderProbe.check(
                        protocol + " echoes", socket.getInputStream().read() == 7);
                served.join();
                ProviderProbe.check(
                        "negotiated", socket.getSession().getProtocol().equals(protocol));
                return (X509Certificate) socket.getSession().getPeerCertificates()[0];
            }
        }
    }

    private static void serveOne(SSLServerSocket listening) {
        try (var socket = (SSLSocket) listening.accept()) {
            socket.getOutputStream().write(socket.getInputStream().read());
            ProviderProbe.check(
                    "the device is known",
                    ((X509Certificate) socket.getSession().getPeerCertificates()[0])
                            .getSubjectX500Principal()
                            .getName()
                            .equals("CN=d-1"));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private KeyManager[] deviceKeys() throws Exception {
        var now = InstantSource.system().instant();
        var pair = SoftwareKey.generate();
        var certificate = issuer.issueDevice(
                DeviceId.of("d-1"), pair.getPublic(), now.minusSeconds(9), now.plus(Duration.ofDays(1)));
        var store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("d", pair.getPrivate(), NO_PASSWORD, new X509Certificate[] {certificate, issuer.devicesCa()});
        var factory = KeyManagerFactory.getInstance("PKIX");
        factory.init(store, NO_PASSWORD);
        return factory.getKeyManagers();
    }

    private static SSLContext context(KeyManager[] keys, X509Certificate anchor) throws Exception {
        var store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry("root", anchor);
        var factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(store);
        TrustManager[] trust = factory.getTrustManagers();
        var context = SSLContext.getInstance("TLS");
        context.init(keys, trust, null);
        return context;
    }
}
