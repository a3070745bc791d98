package io.gatehouse.enrollment.ca.ocsp;

import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.function.BiFunction;

/**
 * An authority for which OCSP is answered.
 *
 * @param certificate the authority's own
 * @param delegate issues the certificate of a responder with that key, from that time on
 */
public record OcspIssuer(X509Certificate certificate, BiFunction<PublicKey, Instant, X509Certificate> delegate) {}
