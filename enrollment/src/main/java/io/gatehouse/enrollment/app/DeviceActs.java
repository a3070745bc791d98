package io.gatehouse.enrollment.app;

import io.gatehouse.enrollment.app.domain.Actor;
import io.gatehouse.enrollment.app.domain.Device;
import io.gatehouse.enrollment.app.domain.DeviceCertificate;
import io.gatehouse.enrollment.app.domain.Outcome;
import io.gatehouse.enrollment.app.port.Transaction;
import io.gatehouse.identity.CertificateState;
import io.gatehouse.identity.DeviceState;
import io.gatehouse.identity.RefusalReason;
import io.gatehouse.identity.RevocationReason;
import io.gatehouse.identity.policy.Attributes;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;

/** What an administrator's act does to a device, its certificates and claims, inside one transaction. */
final class DeviceActs {
    private final InstantSource clock;

    DeviceActs(InstantSource clock) {
        this.clock = clock;
    }

    Outcome<Device> patch(Transaction transaction, Actor actor, Device device, Devices.Patch patch) {
        if (device.state() == DeviceState.DECOMMISSIONED) {
            return Outcome.refused(RefusalReason.DECOMMISSIONED);
        }
        var fleet = patch.fleet().orElse(device.fleet());
        boolean moves = !fleet.equals(device.fleet());
        if (moves && DeviceRules.unsettled(device)) {
            return conflict(device); // it was asked for, or rejected, as one of its fleet
        }
        if (transaction.fleet(fleet).isEmpty()) {
            return Outcome.refused(RefusalReason.UNKNOWN_FLEET);
        }
        var attributes = new HashMap<>(device.attributes());
        patch.attributes().forEach((name, value) -> {
            attributes.remove(name);
            value.ifPresent(text -> attributes.put(name, text));
        });
        if (!Attributes.valid(attributes)) {
            return Outcome.refused(
                    RefusalReason.BAD_REQUEST,
                    "attributes: at most " + Attributes.MAX_COUNT + ", names " + Attributes.NAME_RULE + ", values "
                            + Attributes.VALUE_RULE);
        }
        if (!moves && attributes.equals(device.attributes())) {
            return Outcome.done(device);
        }
        var changed = device.with(fleet, attributes, clock.instant());
        transaction.save(changed);
        // Claims name the fleet that they were made for.
        int cancelled = moves ? endClaims(transaction, device) : 0;
        transaction.audit(
                actor,
                "device.change",
                device.id().value(),
                Map.of(
                        "fleet", fleet.value(),
                        "attributes", attributes.keySet().stream().sorted().toList(),
                        "claimsCancelled", cancelled));
        return Outcome.done(changed);
    }

    Outcome<Device> suspend(Transaction transaction, Actor actor, Device device) {
        if (device.state() == DeviceState.SUSPENDED) {
            return Outcome.done(device);
        }
        if (device.state() != DeviceState.ACTIVE) {
            return conflict(device);
        }
        var now = clock.instant();
        var suspended = device.withState(DeviceState.SUSPENDED, now);
        transaction.save(suspended);
        for (var certificate : transaction.liveCertificatesOf(device.id())) {
            transaction.update(certificate.held(now));
        }
        transaction.audit(actor, "device.suspend", device.id().value(), Map.of());
        return Outcome.done(suspended);
    }

    Outcome<Device> resume(Transaction transaction, Actor actor, Device device) {
        if (device.state() == DeviceState.ACTIVE) {
            return Outcome.done(device);
        }
        if (device.state() != DeviceState.SUSPENDED) {
            return conflict(device);
        }
        var active = device.withState(DeviceState.ACTIVE, clock.instant());
        transaction.save(active);
        for (var certificate : transaction.liveCertificatesOf(device.id())) {
            transaction.update(certificate.released());
        }
        transaction.audit(actor, "device.resume", device.id().value(), Map.of());
        return Outcome.done(active);
    }

    Outcome<Device> revoke(Transaction transaction, Actor actor, Device device, RevocationReason reason) {
        if (device.state() != DeviceState.ACTIVE && device.state() != DeviceState.SUSPENDED) {
            return conflict(device);
        }
        var now = clock.instant();
        var live = transaction.liveCertificatesOf(device.id());
        int claims = endClaims(transaction, device);
        boolean already = device.revokedAt().isPresent() && live.isEmpty();
        if (already && claims == 0 && !device.reinstated()) {
            return Outcome.done(device);
        }
        // A suspension ends: what is revoked needs no hold.
        var revoked = already
                ? device.stillRevoked(now)
                : device.withState(DeviceState.ACTIVE, now).revoked(now);
        transaction.save(revoked);
        if (!already) {
            end(transaction, device, reason, now);
        }
        transaction.audit(
                actor,
                "device.revoke",
                device.id().value(),
                Map.of("reason", reason.camelCase(), "certificates", live.size(), "claimsCancelled", claims));
        return Outcome.done(revoked);
    }

    /** What is revoked stays revoked; the key that the device has may enroll once more. */
    Outcome<Device> reinstate(Transaction transaction, Actor actor, Device device) {
        if (device.reinstated()) {
            return Outcome.done(device);
        }
        if (device.state() != DeviceState.ACTIVE || device.revokedAt().isEmpty()) {
            return conflict(device);
        }
        var reinstated = device.reinstate(clock.instant());
        transaction.save(reinstated);
        transaction.audit(actor, "device.reinstate", device.id().value(), Map.of());
        return Outcome.done(reinstated);
    }

    Outcome<Device> decommission(Transaction transaction, Actor actor, Device device) {
        if (device.state() == DeviceState.DECOMMISSIONED) {
            return Outcome.done(device);
        }
        var now = clock.instant();
        var gone = device.withState(DeviceState.DECOMMISSIONED, now).revoked(now);
        transaction.save(gone);
        end(transaction, device, RevocationReason.CESSATION_OF_OPERATION, now);
        int claims = endClaims(transaction, device);
        transaction.audit(actor, "device.decommission", device.id().value(), Map.of("claimsCancelled", claims));
        return Outcome.done(gone);
    }

    Outcome<DeviceCertificate> revokeCertificate(
            Transaction transaction, Actor actor, DeviceCertificate certificate, RevocationReason reason) {
        if (certificate.state() == CertificateState.REVOKED) {
            return Outcome.done(certificate);
        }
        boolean lost = reason == RevocationReason.KEY_COMPROMISE || reason == RevocationReason.CA_COMPROMISE;
        var revoked = certificate.revoked(reason, clock.instant(), lost);
        Successions.withdraw(transaction, certificate);
        transaction.update(revoked);
        transaction.audit(
                actor,
                "certificate.revoke",
                certificate.device().value(),
                Map.of("certificate", certificate.sha256().hex(), "reason", reason.camelCase()));
        return Outcome.done(revoked);
    }

    /** Every certificate that somebody could still show is revoked, and no key of the device is ever certified again. */
    private static void end(Transaction transaction, Device device, RevocationReason reason, Instant now) {
        for (var certificate : transaction.liveCertificatesOf(device.id())) {
            // Retired tells from now on the ones that were superseded before from those that were the device's own.
            transaction.update(certificate.withRetired(false).revoked(reason, now, true));
        }
        transaction.revokeSuperseded(device.id(), reason, now);
        transaction.barKeysOf(device.id());
    }

    /** No claim for it alone, no request that waits, and none that was approved and not fetched, gives anything any more. */
    private static int endClaims(Transaction transaction, Device device) {
        return transaction.cancelClaimsOf(device.id()) + transaction.endRequestsOf(device.id());
    }

    private static Outcome<Device> conflict(Device device) {
        return switch (device.state()) {
            case DECOMMISSIONED -> Outcome.refused(RefusalReason.DECOMMISSIONED);
            default -> Outcome.refused(RefusalReason.CONFLICT, "the device is " + device.shownState());
        };
    }
}
