package io.gatehouse.enrollment.app.domain;

import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.Fingerprint;

/**
 * What a certificate that lets in once was given: a factory certificate, or a revoked one of a reinstated device.
 *
 * @param presented SHA-256 of the certificate that was shown
 * @param certificate SHA-256 of what was issued for it
 */
public record CertificateUse(Fingerprint presented, DeviceId device, Fingerprint certificate) {}
