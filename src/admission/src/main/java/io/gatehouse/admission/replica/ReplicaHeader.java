package io.gatehouse.admission.replica;

import io.gatehouse.identity.DeviceId;
import java.util.Map;

/**
 * What a replica's file says about itself. {@code unpurged}: devices whose sessions have to be thrown away because of that revision,
 * and nobody said yet that it was done.
 */
record ReplicaHeader(long generation, String epoch, long revision, Contact contact, Map<DeviceId, Long> unpurged) {
    ReplicaHeader {
        unpurged = Map.copyOf(unpurged);
    }
}
