package io.gatehouse.enrollment.app;

import io.gatehouse.enrollment.app.domain.Enforcement;
import io.gatehouse.enrollment.app.port.Registry;
import io.gatehouse.identity.DeviceId;
import java.time.Duration;

/** Waits for the brokers to confirm a revision, and remembers what they confirmed. Thread-safe. */
public final class Enforcements {
    public Enforcements(Registry registry) {}

    /** What every broker that may hold a session has confirmed of this commit within the time. */
    public Enforcement await(DeviceId device, Registry.Commit<?> commit, Duration wait) {
        return Soon.soon();
    }
}
