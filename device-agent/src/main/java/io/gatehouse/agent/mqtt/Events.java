package io.gatehouse.agent.mqtt;

import io.gatehouse.agent.Failure;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttActionListener;
import org.eclipse.paho.mqttv5.client.MqttCallback;
import org.eclipse.paho.mqttv5.client.MqttDisconnectResponse;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;

/** What the client library tells of a connection: how its CONNECT was answered, the messages, and its end. */
final class Events implements MqttCallback, MqttActionListener {
    private final CompletableFuture<Optional<MqttException>> connected = new CompletableFuture<>();
    private final CompletableFuture<Failure> end = new CompletableFuture<>();
    private final BrokerLink.Inbox inbox;

    Events(BrokerLink.Inbox inbox) {
        this.inbox = inbox;
    }

    /** Done when the CONNECT was answered: with the failure, or with nothing. */
    CompletableFuture<Optional<MqttException>> connected() {
        return connected;
    }

    /** Done when the connection has ended. */
    CompletableFuture<Failure> end() {
        return end;
    }

    @Override
    public void onSuccess(IMqttToken token) {
        connected.complete(Optional.empty());
    }

    @Override
    public void onFailure(IMqttToken token, Throwable failure) {
        connected.complete(Optional.of(failure instanceof MqttException known ? known : new MqttException(failure)));
    }

    @Override
    public void disconnected(MqttDisconnectResponse response) {
        var exception = response.getException();
        end.complete(
                exception == null
                        ? Words.ofCode(response.getReturnCode(), Optional.ofNullable(response.getReasonString()))
                        : Words.ofException(exception, Optional.empty()));
    }

    @Override
    public void messageArrived(String topic, MqttMessage message) {
        inbox.accept(topic, message.getPayload());
    }

    @Override
    public void mqttErrorOccurred(MqttException exception) {}

    @Override
    public void deliveryComplete(IMqttToken token) {}

    @Override
    public void connectComplete(boolean reconnect, String address) {}

    @Override
    public void authPacketArrived(int reasonCode, MqttProperties properties) {}
}
