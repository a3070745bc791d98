package io.gatehouse.enrollment.ca.profile;

/**
 * A certificate assembled, but neither judged nor signed.
 *
 * @param draft what was wanted
 * @param issuer who is to sign
 * @param tbs the DER of the TBSCertificate; not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // compared nowhere; lives between two stages
public record UnsignedCertificate(Draft draft, IssuerFacts issuer, byte[] tbs) {}
