package io.gatehouse.broker.admit;

import static org.assertj.core.api.Assertions.assertThat;

import com.hivemq.extension.sdk.api.packets.connect.ConnackReasonCode;
import com.hivemq.extension.sdk.api.packets.disconnect.DisconnectReasonCode;
import io.gatehouse.broker.control.DisconnectCodes;
import io.gatehouse.identity.RefusalReason;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ReasonTablesTest {
    /** Codes that only a client sends (MQTT 5, table 3-10), and one that HiveMQ does not take. */
    private static final Set<DisconnectReasonCode> NOT_OURS = Set.of(
            DisconnectReasonCode.NORMAL_DISCONNECTION,
            DisconnectReasonCode.DISCONNECT_WITH_WILL_MESSAGE,
            DisconnectReasonCode.CLIENT_IDENTIFIER_NOT_VALID,
            DisconnectReasonCode.BAD_AUTHENTICATION_METHOD);

    @ParameterizedTest
    @EnumSource
    void every_reason_refuses_a_connect(RefusalReason reason) {
        assertThat(ConnackCodes.of(reason)).isNotEqualTo(ConnackReasonCode.SUCCESS);
    }

    @ParameterizedTest
    @EnumSource
    void every_reason_ends_a_session_with_a_code_that_a_server_may_send(RefusalReason reason) {
        assertThat(DisconnectCodes.of(reason)).isNotIn(NOT_OURS);
    }
}
