package io.gatehouse.admission.client;

import java.io.IOException;

/** The service said something that this code does not understand; the message is ours, not the service's. */
final class ProtocolException extends IOException {
    private static final long serialVersionUID = 1L;

    ProtocolException(String problem) {
        super(problem);
    }
}
