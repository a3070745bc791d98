package io.gatehouse.enrollment.app.domain;

import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.Fingerprint;
import io.gatehouse.identity.FleetName;
import java.time.Instant;
import java.util.Optional;

/**
 * The right of one device to enroll once. The secret is not here: the registry holds only its SHA-256.
 *
 * @param id what administrators name it by; it is no secret
 * @param publicKey SHA-256 of the only SubjectPublicKeyInfo that may use it, when that was fixed beforehand
 * @param usedBy SHA-256 of the SubjectPublicKeyInfo that used it
 * @param certificate what was issued for it
 */
public record Claim(
        String id,
        FleetName fleet,
        DeviceId device,
        boolean cancelled,
        Instant createdAt,
        Instant expiresAt,
        Optional<Fingerprint> publicKey,
        Optional<Fingerprint> usedBy,
        Optional<Fingerprint> certificate) {

    /** {@code open}, {@code spent}, {@code cancelled} or {@code expired}. */
    public String state(Instant now) {
        if (usedBy.isPresent()) {
            return "spent";
        }
        if (cancelled) {
            return "cancelled";
        }
        return now.isAfter(expiresAt) ? "expired" : "open";
    }

    public Claim used(Fingerprint key, Fingerprint issued) {
        return new Claim(
                id, fleet, device, cancelled, createdAt, expiresAt, publicKey, Optional.of(key), Optional.of(issued));
    }

    public Claim cancel() {
        return new Claim(id, fleet, device, true, createdAt, expiresAt, publicKey, usedBy, certificate);
    }
}
