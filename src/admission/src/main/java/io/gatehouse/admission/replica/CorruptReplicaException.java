package io.gatehouse.admission.replica;

import java.io.IOException;

/** What is on disk is not what was written there; never leaves this package. */
final class CorruptReplicaException extends IOException {
    private static final long serialVersionUID = 1L;

    CorruptReplicaException(String problem) {
        super(problem);
    }
}
