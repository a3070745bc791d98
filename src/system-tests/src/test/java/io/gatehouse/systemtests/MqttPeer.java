package io.gatehouse.systemtests;

import com.hivemq.client.mqtt.MqttClientSslConfig;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5Client;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5ConnAckException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5DisconnectException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5PubAckException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5SubAckException;
import com.hivemq.client.mqtt.mqtt5.message.connect.Mqtt5Connect;
import com.hivemq.client.mqtt.mqtt5.message.connect.Mqtt5ConnectBuilder;
import com.hivemq.client.mqtt.mqtt5.message.connect.connack.Mqtt5ConnAck;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import io.gatehouse.testkit.HeldCertificate;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** One MQTT 5 connection over mutual TLS, by a client that shares nothing with the agent. */
public final class MqttPeer implements AutoCloseable {
    private static final long SECONDS = 20;
    private static final Duration NEWS = Duration.ofSeconds(2);

    private final Mqtt5AsyncClient client;
    private final Mqtt5ConnAck acknowledged;
    private final BlockingQueue<Mqtt5Publish> received;
    private final CompletableFuture<Ending> ended;

    private MqttPeer(
            Mqtt5AsyncClient client,
            Mqtt5ConnAck acknowledged,
            BlockingQueue<Mqtt5Publish> received,
            CompletableFuture<Ending> ended) {
        this.client = client;
        this.acknowledged = acknowledged;
        this.received = received;
        this.ended = ended;
    }

    /** How a connection ended, or why there was none: the word is empty when the broker gave none. */
    public record Ending(String code, String word) {}

    /** What one message was. */
    public record Message(String topic, String text) {}

    /** Whether the broker still had a session under this client id. */
    public boolean sessionPresent() {
        return acknowledged.isSessionPresent();
    }

    /** Subscribes with QoS 1; the empty text when it was granted, otherwise the broker's reason code. */
    public String subscribe(String filter) {
        try {
            client.subscribeWith()
                    .topicFilter(filter)
                    .qos(MqttQos.AT_LEAST_ONCE)
                    .send()
                    .get(SECONDS, TimeUnit.SECONDS);
            return "";
        } catch (ExecutionException refused) {
            if (refused.getCause() instanceof Mqtt5SubAckException suback) {
                return suback.getMqttMessage().getReasonCodes().get(0).name();
            }
            return String.valueOf(refused.getCause());
        } catch (InterruptedException | TimeoutException late) {
            throw new AssertionError("subscribe " + filter, late);
        }
    }

    /** Publishes with QoS 1; the empty text when it was taken, otherwise the broker's reason code. */
    public String publish(String topic, String text) {
        try {
            client.publishWith()
                    .topic(topic)
                    .qos(MqttQos.AT_LEAST_ONCE)
                    .payload(text.getBytes(StandardCharsets.UTF_8))
                    .send()
                    .get(SECONDS, TimeUnit.SECONDS);
            return "";
        } catch (ExecutionException refused) {
            if (refused.getCause() instanceof Mqtt5PubAckException puback) {
                return puback.getMqttMessage().getReasonCode().name();
            }
            if (refused.getCause() instanceof Mqtt5DisconnectException disconnect) {
                return disconnect.getMqttMessage().getReasonCode().name();
            }
            return String.valueOf(refused.getCause());
        } catch (InterruptedException | TimeoutException late) {
            throw new AssertionError("publish " + topic, late);
        }
    }

    /** The next message; fails when none comes. */
    public Message next() {
        try {
            Mqtt5Publish publish = received.poll(SECONDS, TimeUnit.SECONDS);
            if (publish == null) {
                throw new AssertionError("no message within " + SECONDS + " s");
            }
            return new Message(
                    publish.getTopic().toString(), new String(publish.getPayloadAsBytes(), StandardCharsets.UTF_8));
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    /** How the broker ends this connection; fails when it does not. */
    public Ending awaitEnd() {
        try {
            return ended.get(SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException late) {
            throw new AssertionError("the broker did not close the connection", late);
        }
    }

    public boolean isOpen() {
        return !ended.isDone();
    }

    /** Leaves politely; a session that was asked for stays. */
    public void disconnect() {
        client.disconnect().orTimeout(SECONDS, TimeUnit.SECONDS).join();
    }

    @Override
    public void close() {
        // The broker may have closed it in the meantime: then there is nothing left to do.
        client.disconnect()
                .handle((done, alreadyClosed) -> done)
                .orTimeout(SECONDS, TimeUnit.SECONDS)
                .join();
    }

    /** How a connection is made. Mutable. */
    public static final class Builder {
        private final int port;
        private final String clientId;
        private final List<X509Certificate> trust;
        private @Nullable HeldCertificate certificate;
        private UnaryOperator<Mqtt5ConnectBuilder> connect = packet -> packet;

        Builder(int port, String clientId, List<X509Certificate> trust) {
            this.port = port;
            this.clientId = clientId;
            this.trust = trust;
        }

        public Builder with(HeldCertificate held) {
            this.certificate = held;
            return this;
        }

        /** Keeps the session for an hour, and takes up one that is there. */
        public Builder persistent() {
            return packet(builder -> builder.cleanStart(false).sessionExpiryInterval(3600));
        }

        /** With a last will. */
        public Builder will(String topic, String text) {
            return packet(builder -> builder.willPublish(Mqtt5Publish.builder()
                    .topic(topic)
                    .qos(MqttQos.AT_LEAST_ONCE)
                    .payload(text.getBytes(StandardCharsets.UTF_8))
                    .build()
                    .asWill()));
        }

        private Builder packet(UnaryOperator<Mqtt5ConnectBuilder> change) {
            UnaryOperator<Mqtt5ConnectBuilder> before = connect;
            this.connect = builder -> change.apply(before.apply(builder));
            return this;
        }

        /**
         * Connects; fails with the broker's answer when it refuses. A certificate that was issued just now may be younger than the
         * broker's news: then it asks again, as a device does, and for no longer than news may take.
         */
        public MqttPeer connect() {
            long deadline = System.nanoTime() + NEWS.toNanos();
            while (true) {
                try {
                    return attempt();
                } catch (ExecutionException refused) {
                    Ending why = ending(refused.getCause());
                    if (!why.word().equals("unknown-certificate") || System.nanoTime() - deadline > 0) {
                        throw new AssertionError(clientId + " was refused: " + why, refused);
                    }
                }
            }
        }

        /** Tries to connect and returns why not; fails when the broker admits the client. */
        public Ending refused() {
            try (MqttPeer admitted = attempt()) {
                throw new AssertionError(clientId + " was admitted: " + admitted.acknowledged);
            } catch (ExecutionException refused) {
                return ending(refused.getCause());
            }
        }

        private MqttPeer attempt() throws ExecutionException {
            BlockingQueue<Mqtt5Publish> received = new LinkedBlockingQueue<>();
            CompletableFuture<Ending> ended = new CompletableFuture<>();
            Mqtt5AsyncClient client = Mqtt5Client.builder()
                    .identifier(clientId)
                    .serverHost("localhost")
                    .serverPort(port)
                    .sslConfig(tls())
                    .addDisconnectedListener(context -> ended.complete(ending(context.getCause())))
                    .buildAsync();
            client.publishes(com.hivemq.client.mqtt.MqttGlobalPublishFilter.ALL, received::add);
            Mqtt5Connect packet = connect.apply(
                            Mqtt5Connect.builder().cleanStart(true).keepAlive((int)
                                    Duration.ofMinutes(5).toSeconds()))
                    .build();
            try {
                Mqtt5ConnAck acknowledged = client.connect(packet).get(SECONDS, TimeUnit.SECONDS);
                return new MqttPeer(client, acknowledged, received, ended);
            } catch (InterruptedException | TimeoutException late) {
                throw new AssertionError("no answer to CONNECT of " + clientId, late);
            }
        }

        private MqttClientSslConfig tls() {
            // Without a verifier of its own the client checks the host name as HTTPS does.
            var tls = MqttClientSslConfig.builder().trustManagerFactory(HeldCertificate.trust(trust));
            return certificate == null
                    ? tls.build()
                    : tls.keyManagerFactory(certificate.keyManagers()).build();
        }

        private static Ending ending(@Nullable Throwable cause) {
            if (cause instanceof Mqtt5ConnAckException connack) {
                return new Ending(
                        connack.getMqttMessage().getReasonCode().name(),
                        connack.getMqttMessage()
                                .getReasonString()
                                .map(Object::toString)
                                .orElse(""));
            }
            if (cause instanceof Mqtt5DisconnectException disconnect) {
                return new Ending(
                        disconnect.getMqttMessage().getReasonCode().name(),
                        disconnect
                                .getMqttMessage()
                                .getReasonString()
                                .map(Object::toString)
                                .orElse(""));
            }
            return new Ending("closed: " + cause, "");
        }
    }
}
