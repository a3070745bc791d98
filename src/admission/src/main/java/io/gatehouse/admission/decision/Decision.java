package io.gatehouse.admission.decision;

import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.Fingerprint;
import io.gatehouse.identity.FleetName;
import io.gatehouse.identity.RefusalReason;
import io.gatehouse.identity.policy.CompiledPolicy;
import io.gatehouse.identity.policy.PolicySubject;
import java.time.Instant;

/** The answer to a connect. Immutable. */
public sealed interface Decision {
    /** Let in, with exactly these topics, until {@code notAfter}, with at most {@code sessionsMax} sessions of the device. */
    record Admit(
            PolicySubject subject, CompiledPolicy policy, Fingerprint certificate, Instant notAfter, int sessionsMax)
            implements Decision {
        public DeviceId device() {
            return subject.device();
        }

        public FleetName fleet() {
            return subject.fleet();
        }
    }

    /** Refused, and why. */
    record Refuse(RefusalReason reason) implements Decision {}
}
