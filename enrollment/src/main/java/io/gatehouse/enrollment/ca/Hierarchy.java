package io.gatehouse.enrollment.ca;

import io.gatehouse.enrollment.ca.crl.PublishedCrl;
import java.security.cert.X509Certificate;

/**
 * A root, whose key is away, and the authority below it, whose key is here. Immutable and thread-safe.
 *
 * @param rootCrl what the root signed ahead
 */
record Hierarchy(X509Certificate root, PublishedCrl rootCrl, Authority authority) {}
