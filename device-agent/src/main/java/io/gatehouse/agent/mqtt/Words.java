package io.gatehouse.agent.mqtt;

import io.gatehouse.agent.ExitCode;
import io.gatehouse.agent.Failure;
import io.gatehouse.agent.service.Causes;
import io.gatehouse.identity.RefusalReason;
import java.util.Optional;
import java.util.OptionalInt;
import org.eclipse.paho.mqttv5.client.MqttClientException;
import org.eclipse.paho.mqttv5.common.MqttException;

/** Turns what the broker and the client library say into failures; the broker's word comes first. */
final class Words {
    private static final int SESSION_TAKEN_OVER = 0x8e;

    private Words() {}

    /** A reason code of 0x80 or more (MQTT 5, section 2.4), and the reason string with it. */
    static Failure ofCode(int code, Optional<String> reasonString) {
        var word = reasonString.map(String::strip).flatMap(RefusalReason::ofWord);
        if (word.isPresent()) {
            return Failure.byBroker(word.get());
        }
        if (code == SESSION_TAKEN_OVER) {
            return Failure.passing("the broker: another connection took over this device's session");
        }
        var said = reasonString.map(text -> " (" + Causes.clean(text) + ")").orElse("");
        var message = "the broker: reason code 0x" + Integer.toHexString(code) + said;
        return isFinal(code) ? Failure.byBroker(ExitCode.REFUSED, message) : Failure.passing(message);
    }

    private static boolean isFinal(int code) {
        return switch (code) {
            case 0x84, 0x85, 0x86, 0x87, 0x8a, 0x8c, 0x8f, 0x90, 0x95, 0x99, 0x9a, 0x9b, 0x9e, 0xa1, 0xa2 -> true;
            default -> false;
        };
    }

    /** What the library threw, and the CONNACK's reason string when there was one. */
    static Failure ofException(MqttException failure, Optional<String> reasonString) {
        var code = refusal(failure);
        if (code.isPresent()) {
            return ofCode(code.getAsInt(), reasonString);
        }
        return switch (failure.getReasonCode()) {
            case MqttClientException.REASON_CODE_CLIENT_TIMEOUT ->
                Failure.passing("the broker does not answer in time");
            case MqttClientException.REASON_CODE_SERVER_DISCONNECTED ->
                Failure.passing("the broker ended the connection");
            default ->
                Failure.passing("the connection to the broker failed: "
                        + Causes.of(failure.getCause() == null ? failure : failure.getCause()));
        };
    }

    private static OptionalInt refusal(MqttException failure) {
        var code = failure.getReasonCode();
        return code >= 0x80 && code <= 0xff && failure.getCause() == null ? OptionalInt.of(code) : OptionalInt.empty();
    }
}
