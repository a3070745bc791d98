package io.gatehouse.broker.real;

import static io.gatehouse.broker.real.RawMqtt.Connect.v5;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.admission.feed.Entry;
import io.gatehouse.testkit.Await;
import io.gatehouse.testkit.HeldCertificate;
import io.gatehouse.x509.Certificates;
import io.gatehouse.x509.Parsed;
import io.gatehouse.x509.Pkcs10Request;
import io.gatehouse.x509.est.EstCodec;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;

/** The broker's certificate and its trust change under a running HiveMQ. */
class IdentityOfARealBrokerTest {
    private static final Duration RELOAD = Duration.ofSeconds(60);
    private static final String ROLE = "spiffe://gatehouse.internal/broker/b1";

    private final Pki pki = new Pki();

    private byte[] issue(byte[] body) {
        var request = ((Parsed.Good<Pkcs10Request>) EstCodec.request(body)).value();
        var fresh = pki.servicesCa.server(order ->
                order.commonName("b1").uri(ROLE).key(new KeyPair(request.key().publicKey(), null)));
        return EstCodec.encodeWrapped(EstCodec.certsOnly(fresh.chain()));
    }

    @Test
    void shows_a_renewed_certificate_and_lets_the_devices_of_a_second_authority_in() throws Exception {
        try (var service = new FakeService(pki);
                var home = BrokerHome.ready(pki, service.url())) {
            Instant now = Instant.now();
            var halfOver = pki.servicesCa.server(order ->
                    order.commonName("b1").uri(ROLE).validity(now.minusSeconds(4_000), now.plusSeconds(3_600)));
            halfOver.writeTo(home.gatehouse(), "server");
            Stores.key(home.gatehouse().resolve("keystore.p12"), halfOver);
            service.answerCertificates(this::issue);
            var second = pki.devicesRoot.intermediate("Devices CA 2");
            var device = second.device("n-1");
            try (var broker = RealBroker.startReady(home)) {
                service.change(
                        World.fleet("f", World.TELEMETRY),
                        World.device("n-1", "f"),
                        World.valid("n-1", device),
                        new Entry.AuthorityEntry(
                                "devices-2", second.certificate().getEncoded()));
                Await.value(
                        () -> "a renewed server certificate; log: " + broker.log(),
                        RELOAD,
                        () -> Optional.of(shown(broker)).filter(shown -> !shown.equals(halfOver.certificate())));
                Await.until("a device of the second authority", RELOAD, () -> {
                    try (var mqtt = broker.connection(device)) {
                        return mqtt.connect(v5("n-1")).type() == 2;
                    }
                });
                service.awaitReport(
                        Certificates.fingerprint(second.certificate()).hex());
                try (var old = broker.connection(pki.device("old"));
                        var open = broker.connection(device)) {
                    assertThat(old.connect(v5("old")).text()).contains("unknown-certificate");
                    open.connect(v5("n-1"));
                    service.reports.clear();
                    service.change(new Entry.AuthorityRemoved("devices-2"));
                    var first = Certificates.fingerprint(pki.devicesCa.certificate())
                            .hex();
                    service.awaitReport("\"trusted\":[\"" + first + "\"]");
                    try (var refused = broker.connection(device)) {
                        assertThat(refused.connect(v5("n-1")).closed())
                                .as("by TLS itself")
                                .isTrue();
                    }
                    open.ping();
                }
            }
        }
    }

    private X509Certificate shown(RealBroker broker) throws Exception {
        var tls = HeldCertificate.anonymous(List.of(pki.servicesRoot.certificate()));
        try (var socket = (SSLSocket) tls.getSocketFactory().createSocket("127.0.0.1", broker.home.port)) {
            socket.startHandshake();
            return (X509Certificate) socket.getSession().getPeerCertificates()[0];
        }
    }
}
