package io.gatehouse.broker.admit;

import com.hivemq.extension.sdk.api.events.client.ClientLifecycleEventListener;
import com.hivemq.extension.sdk.api.events.client.parameters.AuthenticationSuccessfulInput;
import com.hivemq.extension.sdk.api.events.client.parameters.ClientInitiatedDisconnectInput;
import com.hivemq.extension.sdk.api.events.client.parameters.ConnectionLostInput;
import com.hivemq.extension.sdk.api.events.client.parameters.ConnectionStartInput;
import com.hivemq.extension.sdk.api.events.client.parameters.DisconnectEventInput;
import com.hivemq.extension.sdk.api.events.client.parameters.ServerInitiatedDisconnectInput;
import com.hivemq.extension.sdk.api.packets.general.DisconnectedReasonCode;
import com.hivemq.extension.sdk.api.parameter.ClientBasedInput;
import io.gatehouse.broker.sessions.Sessions;
import io.gatehouse.identity.RefusalReason;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes sessions off the list when their connection ends, with the word of why. HiveMQ calls it in order with the registration. */
public final class Departures implements ClientLifecycleEventListener {
    /** The word for a session that another connection of the same client took over. */
    public static final String TAKEN_OVER = "taken-over";

    /** The word for a connection that broke. */
    static final String LOST = "network";

    private static final Logger LOG = LoggerFactory.getLogger(Departures.class);

    private final Sessions sessions;
    private final Observation observation;
    private final Marks marks;
    private final Evidence evidence;
    private final Consumer<String> observedLeft;

    /** {@code observedLeft} hears the client id of a connection that ended while it was only observed. */
    public Departures(
            Sessions sessions, Observation observation, Marks marks, Evidence evidence, Consumer<String> observedLeft) {
        this.sessions = sessions;
        this.observation = observation;
        this.marks = marks;
        this.evidence = evidence;
        this.observedLeft = observedLeft;
    }

    @Override
    public void onMqttConnectionStart(ConnectionStartInput input) {}

    @Override
    public void onAuthenticationSuccessful(AuthenticationSuccessfulInput input) {}

    @Override
    public void onDisconnect(DisconnectEventInput input) {
        left(input, LOST);
    }

    @Override
    public void onConnectionLost(ConnectionLostInput input) {
        left(input, LOST);
    }

    @Override
    public void onClientInitiatedDisconnect(ClientInitiatedDisconnectInput input) {
        left(input, "client");
    }

    @Override
    public void onServerInitiatedDisconnect(ServerInitiatedDisconnectInput input) {
        boolean takenOver = input.getReasonCode()
                .filter(DisconnectedReasonCode.SESSION_TAKEN_OVER::equals)
                .isPresent();
        left(input, takenOver ? TAKEN_OVER : LOST);
    }

    private void left(ClientBasedInput input, String otherwise) {
        try {
            if (marks.session(input).filter(observation::end).isPresent()) {
                observedLeft.accept(input.getClientInformation().getClientId());
            }
            marks.session(input).flatMap(sessions::find).ifPresent(session -> {
                sessions.remove(session);
                evidence.closed(
                        session, session.ended().map(RefusalReason::word).orElse(otherwise));
            });
        } catch (RuntimeException | Error e) {
            LOG.error("A disconnect could not be noted.", e);
        }
    }
}
