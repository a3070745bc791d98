package io.gatehouse.enrollment.ca.crl;

import java.util.function.UnaryOperator;

/**
 * Who signs a CRL.
 *
 * @param name the DER of the issuer's subject
 * @param keyIdentifier the issuer's subject key identifier
 * @param signer answers the ecdsa-with-SHA256 signature of the bytes given
 */
@SuppressWarnings("ArrayRecordComponent") // compared nowhere
public record CrlIssuer(byte[] name, byte[] keyIdentifier, UnaryOperator<byte[]> signer) {}
