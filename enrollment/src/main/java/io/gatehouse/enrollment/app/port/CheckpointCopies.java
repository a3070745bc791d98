package io.gatehouse.enrollment.app.port;

import io.gatehouse.enrollment.app.domain.AuditCheckpoint;
import io.gatehouse.identity.Fingerprint;
import java.io.IOException;

/** Where checkpoints are kept besides the registry, out of reach of whoever gets hold of that. */
@FunctionalInterface
public interface CheckpointCopies {
    /** Hands it over; an IOException means that it has to be handed over again. One that was handed over may come again. */
    void keep(AuditCheckpoint checkpoint, Fingerprint genesis) throws IOException;
}
