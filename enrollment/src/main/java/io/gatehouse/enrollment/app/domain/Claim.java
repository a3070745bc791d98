package io.gatehouse.enrollment.app.domain;

import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.Fingerprint;
import io.gatehouse.identity.FleetName;
import java.time.Instant;
import java.util.Optional;

/**
 * The right to enroll: of one device once, or of so many new devices of a fleet. The secret is not here: the registry holds only its
 * SHA-256.
 *
 * @param id what administrators name it by; it is no secret
 * @param device the only device that it is for; empty for a claim of a fleet
 * @param allowedIds the ids that a claim of a fleet is for; empty for any
 * @param uses how many devices it is for; 1 with a device
 * @param used how many have used it; a request that waits for approval, and one that was rejected, count too
 * @param approval whether a person must approve each request
 * @param publicKey SHA-256 of the only SubjectPublicKeyInfo that may use it, when that was fixed beforehand
 * @param certificate what was issued for it, when it is for one device
 */
public record Claim(
        String id,
        FleetName fleet,
        Optional<DeviceId> device,
        Optional<AllowedIds> allowedIds,
        int uses,
        int used,
        boolean approval,
        boolean cancelled,
        Instant createdAt,
        Instant expiresAt,
        Optional<Fingerprint> publicKey,
        Optional<Fingerprint> certificate) {

    /** {@code open}, {@code spent}, {@code cancelled} or {@code expired}. */
    public String state(Instant now) {
        if (spent()) {
            return "spent";
        }
        if (cancelled) {
            return "cancelled";
        }
        return now.isAfter(expiresAt) ? "expired" : "open";
    }

    public boolean spent() {
        return used >= uses;
    }

    /** Whether it may be used for this id. */
    public boolean allows(DeviceId id) {
        return device.map(id::equals)
                .orElseGet(() -> allowedIds.map(ids -> ids.allow(id)).orElse(true));
    }

    /** With one use more. */
    public Claim usedOnceMore() {
        return with(used + 1, cancelled);
    }

    public Claim cancel() {
        return with(used, true);
    }

    private Claim with(int newUsed, boolean newCancelled) {
        return new Claim(
                id,
                fleet,
                device,
                allowedIds,
                uses,
                newUsed,
                approval,
                newCancelled,
                createdAt,
                expiresAt,
                publicKey,
                certificate);
    }
}
