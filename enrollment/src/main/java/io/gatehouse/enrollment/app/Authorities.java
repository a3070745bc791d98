package io.gatehouse.enrollment.app;

import io.gatehouse.enrollment.app.port.Issuer;
import io.gatehouse.enrollment.app.port.Registry;

/** Tells brokers which CAs issue device certificates. Thread-safe. */
public final class Authorities {
    public Authorities(Registry registry, Issuer issuer) {}

    /** At each start: makes the directory name the devices CA, when it does not yet. */
    public void announce() {
        Soon.later();
    }
}
