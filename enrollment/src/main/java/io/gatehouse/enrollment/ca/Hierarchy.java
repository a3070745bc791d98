package io.gatehouse.enrollment.ca;

import io.gatehouse.enrollment.ca.crl.PublishedCrl;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * A root, whose key is away, and the authorities below it, whose keys are here. Immutable and thread-safe.
 *
 * @param rootCrl what the root signed ahead
 * @param authorities by generation, from 1 on without a hole
 */
record Hierarchy(X509Certificate root, PublishedCrl rootCrl, List<Authority> authorities) {
    Hierarchy {
        authorities = List.copyOf(authorities);
    }

    /** The one that the home was made with. */
    Authority first() {
        return authorities.get(0);
    }
}
