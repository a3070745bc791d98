package io.gatehouse.admission.replica;

import java.time.Duration;
import java.time.Instant;

/**
 * What is kept on disk of the last contact with the service: when it was by this machine's clock, and how long this broker has surely run
 * without the service since. Immutable.
 */
record Contact(Instant heard, Duration alone) {
    static final Contact NEVER = new Contact(Instant.EPOCH, Duration.ZERO);
}
