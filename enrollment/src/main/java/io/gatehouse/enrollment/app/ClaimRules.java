package io.gatehouse.enrollment.app;

import io.gatehouse.enrollment.app.domain.Claim;
import io.gatehouse.enrollment.app.domain.ClaimUse;
import io.gatehouse.enrollment.app.domain.Device;
import io.gatehouse.enrollment.app.domain.Fleet;
import io.gatehouse.enrollment.app.domain.Outcome;
import io.gatehouse.enrollment.app.port.View;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.DeviceState;
import io.gatehouse.identity.Fingerprint;
import io.gatehouse.identity.RefusalReason;
import java.time.Instant;
import java.util.Optional;

/**
 * What a claim gives to a key that asks for an id. Decided from one state of the registry, so that the same question inside the
 * transaction that stores the answer is final.
 */
final class ClaimRules {
    private ClaimRules() {}

    /** What a claim gives. */
    sealed interface Right {}

    /** The certificate that was issued for it already. */
    record Again(Enrolled enrolled) implements Right {}

    /** A new certificate. {@code approved} is the request that a person has approved, when one had to. */
    record Issue(Claim claim, Fleet fleet, Optional<Device> device, Optional<ClaimUse> approved) implements Right {}

    /** A request that a person must approve first; {@code asked} when it waits already. */
    record Wait(Claim claim, Fleet fleet, Optional<Device> device, boolean asked) implements Right {}

    /** The claim must be one that allows this id. */
    static Outcome<Right> decide(View view, String claimId, DeviceId id, Fingerprint key, Instant now) {
        var claim = view.claim(claimId).orElseThrow();
        var fleet = view.fleet(claim.fleet()).orElseThrow();
        var device = view.device(id);
        if (device.map(Device::state).equals(Optional.of(DeviceState.DECOMMISSIONED))) {
            return Outcome.refused(RefusalReason.DECOMMISSIONED);
        }
        var use = view.claimUse(claimId, id);
        var refusal = use.isPresent()
                ? ofUse(view, claim, use.get(), device, id, key, now)
                : ofClaim(claim, key, now).or(() -> ofNewUse(view, claim, device, id, key, now));
        refusal = refusal.or(() -> DeviceRules.refusal(fleet))
                .or(() -> use.map(ClaimUse::state).equals(Optional.of(ClaimUse.State.ISSUED))
                        ? Optional.empty()
                        : ofKey(view, device, key));
        if (refusal.isPresent()) {
            return Outcome.refused(refusal.get());
        }
        return Outcome.done(right(view, claim, fleet, device, use));
    }

    private static Right right(View view, Claim claim, Fleet fleet, Optional<Device> device, Optional<ClaimUse> use) {
        if (use.isEmpty()) {
            return claim.approval() ? new Wait(claim, fleet, device, false) : new Issue(claim, fleet, device, use);
        }
        return switch (use.get().state()) {
            case PENDING, REJECTED -> new Wait(claim, fleet, device, true);
            case APPROVED -> new Issue(claim, fleet, device, use);
            case ISSUED -> {
                var certificate =
                        view.certificate(use.get().certificate().orElseThrow()).orElseThrow();
                yield new Again(Enrolled.of(view, certificate));
            }
        };
    }

    private static Optional<RefusalReason> ofUse(
            View view, Claim claim, ClaimUse use, Optional<Device> device, DeviceId id, Fingerprint key, Instant now) {
        if (use.state() == ClaimUse.State.REJECTED) {
            return Optional.of(ended(claim, device));
        }
        if (!use.key().equals(key)) {
            return Optional.of(RefusalReason.KEY_MISMATCH);
        }
        if (use.state() == ClaimUse.State.APPROVED && claim.device().isEmpty() && view.keyUsed(key)) {
            return Optional.of(RefusalReason.KEY_REUSED);
        }
        var ofCertificate = use.certificate().flatMap(sha256 -> ofCertificate(view, sha256, now));
        return ofCertificate.or(() -> device.flatMap(known -> ofDevice(known, claim, id)));
    }

    private static RefusalReason ended(Claim claim, Optional<Device> device) {
        if (claim.cancelled()) {
            return RefusalReason.CLAIM_CANCELLED;
        }
        return device.flatMap(Device::revokedAt).isPresent() ? RefusalReason.REVOKED : RefusalReason.REJECTED;
    }

    private static Optional<RefusalReason> ofCertificate(View view, Fingerprint sha256, Instant now) {
        var certificate = view.certificate(sha256).orElseThrow();
        return switch (certificate.state()) {
            case REVOKED -> Optional.of(RefusalReason.REVOKED);
            case SUPERSEDED -> Optional.of(RefusalReason.CLAIM_SPENT);
            case HELD -> Optional.of(RefusalReason.SUSPENDED);
            case VALID -> certificate.expired(now) ? Optional.of(RefusalReason.CLAIM_SPENT) : Optional.empty();
        };
    }

    private static Optional<RefusalReason> ofClaim(Claim claim, Fingerprint key, Instant now) {
        if (claim.spent()) {
            return Optional.of(RefusalReason.CLAIM_SPENT);
        }
        if (claim.cancelled()) {
            return Optional.of(RefusalReason.CLAIM_CANCELLED);
        }
        if (now.isAfter(claim.expiresAt())) {
            return Optional.of(RefusalReason.CLAIM_EXPIRED);
        }
        return claim.publicKey().map(key::equals).orElse(true)
                ? Optional.empty()
                : Optional.of(RefusalReason.KEY_MISMATCH);
    }

    /** A fleet's claim makes only ids and keys never seen before, and no id that a claim was made for alone. */
    private static Optional<RefusalReason> ofNewUse(
            View view, Claim claim, Optional<Device> device, DeviceId id, Fingerprint key, Instant now) {
        if (claim.device().isPresent()) {
            return device.flatMap(known -> ofDevice(known, claim, id));
        }
        if (device.isPresent()) {
            return Optional.of(known(device.get(), id));
        }
        if (view.claimedAlone(id, now)) {
            return Optional.of(RefusalReason.ALREADY_EXISTS);
        }
        return view.keyUsed(key) ? Optional.of(RefusalReason.KEY_REUSED) : Optional.empty();
    }

    /** Why an id that is known is not made anew. */
    private static RefusalReason known(Device device, DeviceId id) {
        if (!device.id().equals(id)) {
            return RefusalReason.ALREADY_EXISTS;
        }
        return switch (device.state()) {
            case ACTIVE -> device.revokedAt().isPresent() ? RefusalReason.REVOKED : RefusalReason.ALREADY_EXISTS;
            case PENDING -> RefusalReason.ALREADY_EXISTS;
            case SUSPENDED -> RefusalReason.SUSPENDED;
            case REJECTED -> RefusalReason.REJECTED;
            case DECOMMISSIONED -> RefusalReason.DECOMMISSIONED;
        };
    }

    /** What waits for approval, or was rejected, is no obstacle: a claim for it alone that is still open was made after that. */
    private static Optional<RefusalReason> ofDevice(Device device, Claim claim, DeviceId id) {
        if (!device.id().equals(id)) {
            return Optional.of(RefusalReason.NAME_MISMATCH); // the same but for case
        }
        if (!device.fleet().equals(claim.fleet())) {
            return Optional.of(RefusalReason.WRONG_FLEET);
        }
        return DeviceRules.unsettled(device) ? Optional.empty() : DeviceRules.refusal(device);
    }

    private static Optional<RefusalReason> ofKey(View view, Optional<Device> device, Fingerprint key) {
        boolean revoked = device.flatMap(Device::revokedAt).isPresent();
        boolean burnt = view.keyBarred(key) || (revoked && view.keyUsed(key));
        return burnt ? Optional.of(RefusalReason.KEY_REUSED) : Optional.empty();
    }
}
