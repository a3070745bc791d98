package io.gatehouse.enrollment.ca.profile;

import java.util.Optional;

/**
 * Where relying parties find out about an issuer and what it revoked; all over plain HTTP, as RFC 5280 (section 8) wants: fetching
 * them over TLS would need what is being fetched.
 *
 * @param crl the issuer's CRL
 * @param issuer the issuer's certificate in DER
 * @param ocsp the responder, unless the issuer has none
 */
public record Addresses(String crl, String issuer, Optional<String> ocsp) {}
