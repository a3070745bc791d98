package io.gatehouse.enrollment.ca.crl;

import java.math.BigInteger;
import java.time.Instant;

/**
 * A signed CRL, ready to be served as {@code application/pkix-crl}. Immutable and thread-safe.
 *
 * @param number rises with each CRL of its issuer, so it serves as an entity tag
 * @param entries how many certificates it lists
 * @param der its bytes; not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // served, never compared
public record PublishedCrl(BigInteger number, Instant thisUpdate, Instant nextUpdate, int entries, byte[] der) {}
