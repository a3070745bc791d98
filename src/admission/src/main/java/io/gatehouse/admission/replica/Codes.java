package io.gatehouse.admission.replica;

import io.gatehouse.identity.CertificateState;
import io.gatehouse.identity.DeviceState;
import io.gatehouse.identity.RevocationReason;
import java.io.IOException;
import java.util.Optional;

/** One byte for each word in the replica's file, whatever becomes of the order of the enums. */
final class Codes {
    private static final int NO_REASON = -1;

    private Codes() {}

    static int of(DeviceState state) {
        return switch (state) {
            case PENDING -> 'p';
            case ACTIVE -> 'a';
            case SUSPENDED -> 's';
            case DECOMMISSIONED -> 'd';
            case REJECTED -> 'r';
        };
    }

    static DeviceState deviceState(int code) throws IOException {
        for (var state : DeviceState.values()) {
            if (of(state) == code) {
                return state;
            }
        }
        throw new CorruptReplicaException("no state of a device");
    }

    static int of(CertificateState state) {
        return switch (state) {
            case VALID -> 'v';
            case HELD -> 'h';
            case REVOKED -> 'r';
            case SUPERSEDED -> 's';
        };
    }

    static CertificateState certificateState(int code) throws IOException {
        for (var state : CertificateState.values()) {
            if (of(state) == code) {
                return state;
            }
        }
        throw new CorruptReplicaException("no state of a certificate");
    }

    static int of(Optional<RevocationReason> reason) {
        return reason.map(RevocationReason::code).orElse(NO_REASON);
    }

    static Optional<RevocationReason> revocationReason(int code) throws IOException {
        if (code == NO_REASON) {
            return Optional.empty();
        }
        for (var reason : RevocationReason.values()) {
            if (reason.code() == code) {
                return Optional.of(reason);
            }
        }
        throw new CorruptReplicaException("no reason of a revocation");
    }
}
