package io.gatehouse.enrollment.app.domain;

import java.util.Locale;

/** How far a device has proven that it has a new certificate (DESIGN: two-phase renewal). */
public enum Proof {
    /** Nobody has seen it in use. */
    NONE,
    /** A broker reported a session made with it: evidence, not enough to end the older certificate at the service. */
    BROKER,
    /** The service saw a TLS request made with it. */
    SERVICE;

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
