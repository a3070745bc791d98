package io.gatehouse.agent.mqtt;

import io.gatehouse.agent.Attempt;
import io.gatehouse.agent.Failure;
import io.gatehouse.x509.TrustDomain;
import io.gatehouse.x509.tls.ClientIdentity;
import io.gatehouse.x509.tls.ServerRole;
import io.gatehouse.x509.tls.ServiceTrust;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import javax.net.ssl.SSLContext;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.internal.NetworkModule;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;

/**
 * One connection to the broker, from CONNECT to its end; never reconnects by itself. The broker must be below the services root and carry a
 * broker's role of the device's own trust domain. Thread-safe.
 */
public final class BrokerLink implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration GRACE = Duration.ofSeconds(2);
    private static final long LARGEST_PACKET = 1 << 20;

    private final BrokerAddress address;
    private final Client client;
    private final CompletableFuture<Failure> end;
    private final AtomicBoolean closed = new AtomicBoolean();

    private BrokerLink(BrokerAddress address, Client client, CompletableFuture<Failure> end) {
        this.address = address;
        this.client = client;
        this.end = end;
    }

    /**
     * Whom to connect to, and how.
     *
     * @param roots the services roots
     * @param sessionExpiry how long the broker keeps the session after the connection; zero: a clean start each time
     */
    public record Settings(
            BrokerAddress address,
            String clientId,
            ClientIdentity identity,
            TrustDomain domain,
            List<X509Certificate> roots,
            Duration keepAlive,
            Duration sessionExpiry) {}

    /** A message that arrived. */
    @FunctionalInterface
    public interface Inbox extends BiConsumer<String, byte[]> {}

    /** Connects, and waits for the broker's answer. */
    public static Attempt<BrokerLink> connect(Settings settings, InstantSource clock, Inbox inbox) {
        var tls = ServiceTrust.of(settings.roots(), ServerRole.anyBroker(settings.domain()), clock)
                .sslContext(settings.identity());
        var events = new Events(inbox);
        try {
            var client = new Client(settings, tls);
            var link = new BrokerLink(settings.address(), client, events.end());
            client.setCallback(events);
            client.connect(options(settings), null, events);
            var refused = refusal(client, events);
            if (refused.isEmpty()) {
                return Attempt.done(link);
            }
            link.close();
            return Attempt.failed(refused.get());
        } catch (MqttException e) {
            throw new IllegalStateException("the client library refuses its settings", e);
        }
    }

    /** Why the broker did not let us in, once that is known; nothing when it did. */
    private static Optional<Failure> refusal(Client client, Events events) {
        try {
            // a DISCONNECT right behind the CONNACK makes the library forget to answer its connect
            CompletableFuture.anyOf(events.connected(), events.end())
                    .get(PATIENCE.plus(GRACE).toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return Optional.of(Failure.passing("the broker does not answer in time"));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of(Failure.passing("interrupted"));
        } catch (ExecutionException e) {
            throw new IllegalStateException("neither future is ever exceptional", e);
        }
        if (events.end().isDone()) {
            return Optional.of(events.end().join());
        }
        return events.connected().join().map(failure -> said(failure, client.connection));
    }

    private static Failure said(MqttException exception, TlsConnection connection) {
        var failure = Words.ofException(exception, connection.reasonString());
        // a broker that refuses a certificate in its TLS layer has no word: it sends an alert, or hangs up while we
        // still write
        return connection.isReached() && failure.source() == Failure.Source.AGENT
                ? Failure.byBroker(failure.exit(), failure.message())
                : failure;
    }

    private static MqttConnectionOptions options(Settings settings) {
        var options = new MqttConnectionOptions();
        options.setAutomaticReconnect(false);
        options.setCleanStart(settings.sessionExpiry().isZero());
        options.setSessionExpiryInterval(settings.sessionExpiry().toSeconds());
        options.setKeepAliveInterval((int) settings.keepAlive().toSeconds());
        options.setConnectionTimeout((int) PATIENCE.toSeconds());
        options.setMaximumPacketSize(LARGEST_PACKET);
        options.setRequestProblemInfo(true);
        return options;
    }

    /** The broker. */
    public BrokerAddress address() {
        return address;
    }

    /** Publishes; with QoS 1 done when the broker has acknowledged, with QoS 0 when it is on its way. */
    public Attempt<Attempt.Unit> publish(String topic, byte[] payload, int qos, boolean retain) {
        try {
            var message = new MqttMessage(payload, qos, retain, new MqttProperties());
            return settle(client.publish(topic, message));
        } catch (MqttException e) {
            return Attempt.failed(endOr(Words.ofException(e, Optional.empty())));
        }
    }

    /** Subscribes; done when the broker has granted it. */
    public Attempt<Attempt.Unit> subscribe(String filter, int qos) {
        try {
            return settle(client.subscribe(filter, qos));
        } catch (MqttException e) {
            return Attempt.failed(endOr(Words.ofException(e, Optional.empty())));
        }
    }

    private Attempt<Attempt.Unit> settle(IMqttToken token) throws MqttException {
        token.waitForCompletion(PATIENCE.toMillis());
        var codes = token.getReasonCodes();
        if (codes != null && codes.length > 0 && codes[0] >= 0x80) {
            var properties = token.getResponseProperties();
            var said = Optional.ofNullable(properties == null ? null : properties.getReasonString());
            return Attempt.failed(Words.ofCode(codes[0], said));
        }
        return Attempt.done();
    }

    /** Why the connection ended, when it ends within that time. */
    public Optional<Failure> awaitEnd(Duration most) throws InterruptedException {
        try {
            return Optional.of(end.get(most.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException e) {
            return Optional.empty();
        } catch (ExecutionException e) {
            throw new IllegalStateException("an end is never exceptional", e);
        }
    }

    /** The broker's DISCONNECT explains a failure better than the failure itself; it may be a moment behind. */
    private Failure endOr(Failure failure) {
        try {
            return awaitEnd(client.isConnected() ? Duration.ZERO : GRACE).orElse(failure);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return failure;
        }
    }

    /** Says goodbye, when the connection still stands, and frees everything. */
    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        try {
            if (client.isConnected()) {
                client.disconnect(0).waitForCompletion(GRACE.toMillis());
            } else {
                client.disconnectForcibly(0, 0, false);
            }
        } catch (MqttException e) {
            // the connection is gone either way
        }
        try {
            client.close(true);
        } catch (MqttException e) {
            // nothing is left to close
        }
    }

    /** The library's client on our transport. */
    private static final class Client extends MqttAsyncClient {
        private final TlsConnection connection;

        Client(Settings settings, SSLContext tls) throws MqttException {
            super(
                    "ssl://" + settings.address().host() + ":"
                            + settings.address().port(),
                    settings.clientId(),
                    new MemoryPersistence());
            this.connection = new TlsConnection(settings.address(), tls, PATIENCE);
        }

        @Override
        protected NetworkModule[] createNetworkModules(String address, MqttConnectionOptions options) {
            return new NetworkModule[] {connection};
        }
    }
}
