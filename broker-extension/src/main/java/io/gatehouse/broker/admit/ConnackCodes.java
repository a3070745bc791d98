package io.gatehouse.broker.admit;

import com.hivemq.extension.sdk.api.packets.connect.ConnackReasonCode;
import io.gatehouse.identity.RefusalReason;

/** The reason code (MQTT 5, section 3.2.2.2) of a refused CONNECT; the word goes into the reason string. */
public final class ConnackCodes {
    private ConnackCodes() {}

    public static ConnackReasonCode of(RefusalReason reason) {
        return switch (reason) {
            // For good: only a person or a new claim changes it.
            case REVOKED, DECOMMISSIONED -> ConnackReasonCode.BANNED;
            case CLIENT_ID_MISMATCH -> ConnackReasonCode.CLIENT_IDENTIFIER_NOT_VALID;
            case SESSION_LIMIT -> ConnackReasonCode.QUOTA_EXCEEDED;
            case TOO_MANY_REQUESTS -> ConnackReasonCode.CONNECTION_RATE_EXCEEDED;
            // The broker's own trouble: it is worth to come back.
            case NOT_SYNCHRONISED, STALE, UNSAFE_CONFIGURATION, UNAVAILABLE -> ConnackReasonCode.SERVER_UNAVAILABLE;
            case INTERNAL_ERROR -> ConnackReasonCode.UNSPECIFIED_ERROR;
            case TOO_LARGE -> ConnackReasonCode.PACKET_TOO_LARGE;
            case BAD_REQUEST -> ConnackReasonCode.PROTOCOL_ERROR;
            case NO_CERTIFICATE,
                    UNKNOWN_ISSUER,
                    UNKNOWN_CERTIFICATE,
                    BAD_CERTIFICATE,
                    NOT_YET_VALID,
                    EXPIRED,
                    HELD,
                    SUPERSEDED,
                    WRONG_ROLE,
                    UNKNOWN_DEVICE,
                    PENDING,
                    REJECTED,
                    SUSPENDED,
                    TOPIC_NOT_ALLOWED,
                    KICKED,
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
                    WRONG_CONTENT_TYPE -> ConnackReasonCode.NOT_AUTHORIZED;
        };
    }
}
