package io.gatehouse.broker.control;

import com.hivemq.extension.sdk.api.packets.disconnect.DisconnectReasonCode;
import io.gatehouse.identity.RefusalReason;

/** The reason code (MQTT 5, section 3.14.2.1) with which a live session ends; the word goes into the reason string. */
public final class DisconnectCodes {
    private DisconnectCodes() {}

    public static DisconnectReasonCode of(RefusalReason reason) {
        return switch (reason) {
            // An administrator's act.
            case REVOKED, SUSPENDED, HELD, DECOMMISSIONED, KICKED, SUPERSEDED ->
                DisconnectReasonCode.ADMINISTRATIVE_ACTION;
            case SESSION_LIMIT, TOO_MANY_REQUESTS -> DisconnectReasonCode.QUOTA_EXCEEDED;
            case NOT_SYNCHRONISED, STALE, UNSAFE_CONFIGURATION, UNAVAILABLE -> DisconnectReasonCode.SERVER_BUSY;
            case INTERNAL_ERROR -> DisconnectReasonCode.UNSPECIFIED_ERROR;
            case TOO_LARGE -> DisconnectReasonCode.PACKET_TOO_LARGE;
            case BAD_REQUEST -> DisconnectReasonCode.PROTOCOL_ERROR;
            case NO_CERTIFICATE,
                    UNKNOWN_ISSUER,
                    UNKNOWN_CERTIFICATE,
                    BAD_CERTIFICATE,
                    NOT_YET_VALID,
                    EXPIRED,
                    WRONG_ROLE,
                    UNKNOWN_DEVICE,
                    PENDING,
                    REJECTED,
                    CLIENT_ID_MISMATCH,
                    TOPIC_NOT_ALLOWED,
                    NO_CREDENTIALS,
                    WRONG_SECRET,
                    CLAIM_SPENT,
                    CLAIM_EXPIRED,
                    CLAIM_CANCELLED,
                    WRONG_FLEET,
                    UNKNOWN_FLEET,
                    NAME_MISMATCH,
                    KEY_MISMATCH,
                    KEY_REUSED,
                    WEAK_KEY,
                    BAD_SIGNATURE,
                    FORBIDDEN_EXTENSION,
                    NOT_AUTHENTICATED,
                    NOT_ALLOWED,
                    NOT_FOUND,
                    ALREADY_EXISTS,
                    CONFLICT,
                    NOT_OFFERED,
                    METHOD_NOT_ALLOWED,
                    WRONG_CONTENT_TYPE -> DisconnectReasonCode.NOT_AUTHORIZED;
        };
    }
}
