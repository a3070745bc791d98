package io.gatehouse.enrollment.app;

import io.gatehouse.enrollment.app.domain.Listing;
import io.gatehouse.enrollment.app.domain.Outcome;
import io.gatehouse.enrollment.app.domain.Page;
import io.gatehouse.enrollment.app.domain.Session;
import io.gatehouse.identity.DeviceId;
import java.util.List;
import java.util.Optional;

/** The live sessions as the brokers report them; in memory, evidence only. Thread-safe. */
public final class Sessions {
    public Outcome<Listing<Session>> list(Optional<DeviceId> device, Page page) {
        return Soon.soon();
    }

    public List<Session> of(DeviceId device) {
        return Soon.soon();
    }

    public int count() {
        return Soon.soon();
    }
}
