package io.gatehouse.agent.mqtt;

import io.gatehouse.agent.Failure;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttCallback;
import org.eclipse.paho.mqttv5.client.MqttDisconnectResponse;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;

/** What the client library tells of a connection: messages go to the inbox, its end completes the future. */
final class Events implements MqttCallback {
    private final CompletableFuture<Failure> end;
    private final BrokerLink.Inbox inbox;

    Events(CompletableFuture<Failure> end, BrokerLink.Inbox inbox) {
        this.end = end;
        this.inbox = inbox;
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
