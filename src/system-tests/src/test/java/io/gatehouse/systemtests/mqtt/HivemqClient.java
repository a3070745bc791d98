package io.gatehouse.systemtests.mqtt;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.MqttClientBuilder;
import com.hivemq.client.mqtt.MqttClientSslConfig;
import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt3.Mqtt3AsyncClient;
import com.hivemq.client.mqtt.mqtt3.exceptions.Mqtt3ConnAckException;
import com.hivemq.client.mqtt.mqtt3.exceptions.Mqtt3SubAckException;
import com.hivemq.client.mqtt.mqtt3.message.connect.Mqtt3Connect;
import com.hivemq.client.mqtt.mqtt3.message.publish.Mqtt3Publish;
import com.hivemq.client.mqtt.mqtt3.message.subscribe.Mqtt3Subscribe;
import com.hivemq.client.mqtt.mqtt3.message.subscribe.Mqtt3Subscription;
import com.hivemq.client.mqtt.mqtt3.message.subscribe.suback.Mqtt3SubAck;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5ConnAckException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5DisconnectException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5PubAckException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5PubRecException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5SubAckException;
import com.hivemq.client.mqtt.mqtt5.message.Mqtt5ReasonCode;
import com.hivemq.client.mqtt.mqtt5.message.connect.Mqtt5Connect;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import com.hivemq.client.mqtt.mqtt5.message.subscribe.Mqtt5Subscribe;
import com.hivemq.client.mqtt.mqtt5.message.subscribe.Mqtt5Subscription;
import com.hivemq.client.mqtt.mqtt5.message.subscribe.suback.Mqtt5SubAck;
import io.gatehouse.testkit.HeldCertificate;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** HiveMQ's client for Java. */
final class HivemqClient implements Client {
    private static final String AFTER = "after/qos/0";

    @Override
    public Talk start(Seat seat, Act act) {
        MqttClientBuilder builder = MqttClient.builder()
                .identifier(seat.clientId())
                .serverHost("localhost")
                .serverPort(seat.port())
                .sslConfig(tls(seat));
        if (seat.transport() == Seat.Transport.WSS) {
            builder = builder.webSocketConfig().serverPath("mqtt").applyWebSocketConfig();
        }
        Talk talk = new Talk();
        if (seat.version() == 5) {
            new Five(talk, builder, seat, act).start();
        } else {
            new Three(talk, builder, seat, act).start();
        }
        return talk;
    }

    private static MqttClientSslConfig tls(Seat seat) {
        var tls = MqttClientSslConfig.builder()
                .trustManagerFactory(HeldCertificate.trust(seat.gatehouse().trust()));
        HeldCertificate held = seat.held();
        return held == null
                ? tls.build()
                : tls.keyManagerFactory(held.keyManagers()).build();
    }

    private static void leave(CompletableFuture<Void> disconnecting) {
        disconnecting
                .handle((done, alreadyClosed) -> done)
                .orTimeout(20, TimeUnit.SECONDS)
                .join();
    }

    private static MqttQos qos(int qos) {
        return Objects.requireNonNull(MqttQos.fromCode(qos));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void heardMessage(Talk talk, Object topic, byte[] payload) {
        talk.hear(Event.message(topic.toString(), new String(payload, StandardCharsets.UTF_8)));
    }

    private static Event coded(Event.Kind kind, Mqtt5ReasonCode code, Optional<?> reason) {
        return Event.of(kind, code.getCode(), reason.map(Object::toString).orElse(""));
    }

    /** MQTT 5. */
    private static final class Five {
        private final Talk talk;
        private final Mqtt5AsyncClient client;
        private final Seat seat;
        private final Act act;

        Five(Talk talk, MqttClientBuilder builder, Seat seat, Act act) {
            this.talk = talk;
            this.seat = seat;
            this.act = act;
            this.client = builder.useMqttVersion5()
                    .addDisconnectedListener(context -> talk.hear(ending(context.getCause())))
                    .buildAsync();
        }

        void start() {
            client.publishes(
                    MqttGlobalPublishFilter.ALL,
                    message -> heardMessage(talk, message.getTopic(), message.getPayloadAsBytes()));
            talk.onClose(() -> leave(client.disconnect()));
            var connect = Mqtt5Connect.builder().cleanStart(true);
            Act.Message will = seat.will();
            if (will != null) {
                connect = connect.willPublish(publish(will).asWill());
            }
            client.connect(connect.build()).thenAccept(connack -> {
                talk.hear(coded(Event.Kind.CONNACK, connack.getReasonCode(), connack.getReasonString()));
                act();
            });
        }

        private void act() {
            if (!act.filters().isEmpty()) {
                subscribe(act.filters());
            }
            Act.Message message = act.message();
            if (message != null) {
                client.publish(publish(message)).whenComplete((done, refused) -> {
                    if (refused == null && message.qos() > 0) {
                        talk.hear(Event.of(Event.Kind.PUBACK, 0, ""));
                    } else if (refused instanceof Mqtt5PubAckException puback) {
                        var packet = puback.getMqttMessage();
                        talk.hear(coded(Event.Kind.PUBACK, packet.getReasonCode(), packet.getReasonString()));
                    } else if (refused instanceof Mqtt5PubRecException pubrec) {
                        var packet = pubrec.getMqttMessage();
                        talk.hear(coded(Event.Kind.PUBACK, packet.getReasonCode(), packet.getReasonString()));
                    }
                });
                if (message.qos() == 0) {
                    subscribe(List.of(AFTER));
                }
            }
        }

        private void subscribe(List<String> filters) {
            client.subscribe(Mqtt5Subscribe.builder()
                            .addSubscriptions(filters.stream()
                                    .map(filter -> Mqtt5Subscription.builder()
                                            .topicFilter(filter)
                                            .qos(qos(act.qos()))
                                            .build()))
                            .build())
                    .whenComplete((suback, refused) -> {
                        Mqtt5SubAck answer =
                                refused instanceof Mqtt5SubAckException denied ? denied.getMqttMessage() : suback;
                        if (answer != null) {
                            talk.hear(new Event(
                                    Event.Kind.SUBACK,
                                    answer.getReasonCodes().stream()
                                            .map(Mqtt5ReasonCode::getCode)
                                            .toList(),
                                    ""));
                        }
                    });
        }

        private static Mqtt5Publish publish(Act.Message message) {
            return Mqtt5Publish.builder()
                    .topic(message.topic())
                    .payload(bytes(message.payload()))
                    .qos(qos(message.qos()))
                    .retain(message.retain())
                    .build();
        }

        private static Event ending(@Nullable Throwable cause) {
            if (cause instanceof Mqtt5ConnAckException connack) {
                var packet = connack.getMqttMessage();
                return coded(Event.Kind.CONNACK, packet.getReasonCode(), packet.getReasonString());
            }
            if (cause instanceof Mqtt5DisconnectException disconnect) {
                var packet = disconnect.getMqttMessage();
                return coded(Event.Kind.DISCONNECT, packet.getReasonCode(), packet.getReasonString());
            }
            return Event.CLOSED;
        }
    }

    /** MQTT 3.1.1. */
    private static final class Three {
        private final Talk talk;
        private final Mqtt3AsyncClient client;
        private final Seat seat;
        private final Act act;

        Three(Talk talk, MqttClientBuilder builder, Seat seat, Act act) {
            this.talk = talk;
            this.seat = seat;
            this.act = act;
            this.client = builder.useMqttVersion3()
                    .addDisconnectedListener(context -> talk.hear(
                            context.getCause() instanceof Mqtt3ConnAckException connack
                                    ? Event.of(
                                            Event.Kind.CONNACK,
                                            connack.getMqttMessage()
                                                    .getReturnCode()
                                                    .getCode(),
                                            "")
                                    : Event.CLOSED))
                    .buildAsync();
        }

        void start() {
            client.publishes(
                    MqttGlobalPublishFilter.ALL,
                    message -> heardMessage(talk, message.getTopic(), message.getPayloadAsBytes()));
            talk.onClose(() -> leave(client.disconnect()));
            var connect = Mqtt3Connect.builder().cleanSession(true);
            Act.Message will = seat.will();
            if (will != null) {
                connect = connect.willPublish(publish(will));
            }
            client.connect(connect.build()).thenAccept(connack -> {
                talk.hear(Event.of(Event.Kind.CONNACK, connack.getReturnCode().getCode(), ""));
                act();
            });
        }

        private void act() {
            if (!act.filters().isEmpty()) {
                subscribe(act.filters());
            }
            Act.Message message = act.message();
            if (message != null) {
                client.publish(publish(message)).thenAccept(done -> {
                    if (message.qos() > 0) {
                        talk.hear(Event.of(Event.Kind.PUBACK, 0, ""));
                    }
                });
                if (message.qos() == 0) {
                    subscribe(List.of(AFTER));
                }
            }
        }

        private void subscribe(List<String> filters) {
            client.subscribe(Mqtt3Subscribe.builder()
                            .addSubscriptions(filters.stream()
                                    .map(filter -> Mqtt3Subscription.builder()
                                            .topicFilter(filter)
                                            .qos(qos(act.qos()))
                                            .build()))
                            .build())
                    .whenComplete((suback, refused) -> {
                        Mqtt3SubAck answer =
                                refused instanceof Mqtt3SubAckException denied ? denied.getMqttMessage() : suback;
                        if (answer != null) {
                            talk.hear(new Event(
                                    Event.Kind.SUBACK,
                                    answer.getReturnCodes().stream()
                                            .map(code -> code.getCode())
                                            .toList(),
                                    ""));
                        }
                    });
        }

        private static Mqtt3Publish publish(Act.Message message) {
            return Mqtt3Publish.builder()
                    .topic(message.topic())
                    .payload(bytes(message.payload()))
                    .qos(qos(message.qos()))
                    .retain(message.retain())
                    .build();
        }
    }
}
