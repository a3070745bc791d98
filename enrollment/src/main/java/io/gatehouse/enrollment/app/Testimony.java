package io.gatehouse.enrollment.app;

import io.gatehouse.admission.feed.Entry;
import io.gatehouse.enrollment.app.domain.Device;
import io.gatehouse.enrollment.app.domain.DeviceCertificate;
import io.gatehouse.enrollment.app.domain.EnrollmentRules;
import io.gatehouse.enrollment.app.domain.Fleet;
import io.gatehouse.enrollment.app.domain.Proof;
import io.gatehouse.enrollment.app.domain.Witness;
import io.gatehouse.enrollment.app.port.Transaction;
import io.gatehouse.identity.CertificateState;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.DeviceState;
import io.gatehouse.identity.FleetState;
import io.gatehouse.identity.RevocationReason;
import io.gatehouse.identity.policy.DefaultPolicies;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is made of a broker's word about the time after a backup. It only ever takes away: what it says to be revoked or suspended is,
 * and a certificate that is new opens what its device may do anyway, and only to who holds one of our CA's for that very device.
 * Nothing that is revoked here becomes valid by it, no policy and no attribute comes from it. In any order, and again and again: the
 * same comes of it. Inside one transaction.
 */
final class Testimony {
    /** More certificates of one device than this are not taken over: nobody renews so often between two backups. */
    private static final int MOST_OF_A_DEVICE = 64;

    private final Transaction transaction;
    private final Instant now;
    private final List<String> revoked = new ArrayList<>();
    private final List<String> suspended = new ArrayList<>();
    private final List<String> superseded = new ArrayList<>();
    private final List<String> adopted = new ArrayList<>();
    private final List<String> devices = new ArrayList<>();
    private final List<String> fleets = new ArrayList<>();
    private final List<String> differing = new ArrayList<>();

    Testimony(Transaction transaction, Instant now) {
        this.transaction = transaction;
        this.now = now;
    }

    void take(Entry entry) {
        if (entry instanceof Entry.FleetEntry fleet) {
            fleet(fleet);
        } else if (entry instanceof Entry.DeviceEntry device) {
            transaction.device(device.id()).ifPresentOrElse(known -> device(known, device), () -> newDevice(device));
        } else if (entry instanceof Entry.CertificateEntry certificate) {
            transaction
                    .certificate(certificate.sha256())
                    .ifPresentOrElse(known -> certificate(known, certificate), () -> adopt(certificate));
        } else if (entry instanceof Entry.AuthorityEntry authority && !transaction.namesAuthority(authority.name())) {
            differing.add("authority " + authority.name());
        }
    }

    Witness.Counts counts() {
        return new Witness.Counts(revoked, suspended, superseded, adopted, devices, fleets, differing);
    }

    private void fleet(Entry.FleetEntry told) {
        var known = transaction.fleet(told.name());
        if (known.isEmpty()) {
            // Its policy is not known by any word that could be believed: a person must look before its devices go on.
            transaction.save(new Fleet(
                    told.name(),
                    told.kind(),
                    FleetState.SUSPENDED,
                    Fleets.DEFAULT_LIFETIME,
                    told.sessionsMax(),
                    DefaultPolicies.of(told.kind()),
                    EnrollmentRules.DEFAULT,
                    1,
                    now));
            fleets.add(told.name().value());
            return;
        }
        if (told.state() == FleetState.SUSPENDED && known.get().state() == FleetState.ACTIVE) {
            transaction.save(known.get().withState(FleetState.SUSPENDED));
            suspended.add("fleet " + told.name());
        }
        boolean same = told.policy().equals(known.get().policy())
                && told.sessionsMax() == known.get().sessionsMax()
                && told.kind() == known.get().kind();
        if (!same) {
            differing.add("fleet " + told.name());
        }
    }

    private void newDevice(Entry.DeviceEntry told) {
        boolean settled = told.state() != DeviceState.PENDING && told.state() != DeviceState.REJECTED;
        if (!settled || transaction.fleet(told.fleet()).isEmpty()) {
            differing.add("device " + told.id());
            return;
        }
        boolean ended = told.revocations() > 0 || told.state() == DeviceState.DECOMMISSIONED;
        transaction.save(new Device(
                told.id(),
                told.fleet(),
                told.state() == DeviceState.SUSPENDED ? DeviceState.SUSPENDED : DeviceState.ACTIVE,
                Map.of(),
                ended ? Optional.of(now) : Optional.empty(),
                told.revocations(),
                now,
                now));
        devices.add(told.id().value());
        if (told.state() == DeviceState.DECOMMISSIONED || !told.attributes().isEmpty()) {
            differing.add("device " + told.id());
        }
    }

    private void device(Device known, Entry.DeviceEntry told) {
        if (!known.id().equals(told.id())) {
            differing.add("device " + told.id());
            return;
        }
        boolean decommissioned = told.state() == DeviceState.DECOMMISSIONED && known.state() != told.state();
        // Decommissioning is for ever, which no broker can say; revoked is as shut, and can be undone.
        boolean ended = told.revocations() > known.revocations()
                || (decommissioned && known.revokedAt().isEmpty());
        if (ended && known.state() != DeviceState.DECOMMISSIONED) {
            revoke(known, told);
        }
        var current = transaction.device(known.id()).orElseThrow();
        // A revocation ends a suspension: who knows of fewer speaks of one from before.
        if (told.state() == DeviceState.SUSPENDED
                && current.state() == DeviceState.ACTIVE
                && told.revocations() >= current.revocations()) {
            suspend(current);
        }
        if (decommissioned
                || !known.fleet().equals(told.fleet())
                || !known.attributes().equals(told.attributes())) {
            differing.add("device " + told.id());
        }
    }

    private void suspend(Device device) {
        transaction.save(device.withState(DeviceState.SUSPENDED, now));
        for (var certificate : transaction.liveCertificatesOf(device.id())) {
            transaction.update(certificate.held(now));
        }
        suspended.add("device " + device.id());
    }

    /** What the backup knew of the device ends; what it was given afterwards has a word of its own, heard before this or after. */
    private void revoke(Device known, Entry.DeviceEntry told) {
        boolean later = false;
        for (var certificate : transaction.liveCertificatesOf(known.id())) {
            if (certificate.adopted()) {
                later = true;
            } else {
                transaction.update(certificate.revoked(RevocationReason.UNSPECIFIED, now, true));
            }
        }
        transaction.revokeSuperseded(known.id(), RevocationReason.UNSPECIFIED, now);
        transaction.barKeysOf(known.id());
        int revocations = Math.max(told.revocations(), known.revocations() + 1);
        transaction.save(new Device(
                known.id(),
                known.fleet(),
                DeviceState.ACTIVE,
                known.attributes(),
                later ? Optional.empty() : Optional.of(now),
                revocations,
                known.createdAt(),
                now));
        revoked.add("device " + known.id());
    }

    /**
     * A device that was revoked after the backup is in again by a certificate from after that. When the last of them turns out to be
     * none, it is revoked, as it would be if they had never been heard of.
     */
    private void revokedAfterAll(DeviceId id) {
        var device = transaction.device(id).orElseThrow();
        if (device.revocations() == 0
                || device.revokedAt().isPresent()
                || device.state() == DeviceState.DECOMMISSIONED
                || !transaction.liveCertificatesOf(id).isEmpty()) {
            return;
        }
        // Revoking a device bars the keys of all that it had; one that it got after that, and after its last
        // revocation, has an open key.
        boolean own = transaction.certificatesOf(id, 2 * MOST_OF_A_DEVICE).stream()
                .filter(certificate -> !certificate.adopted())
                .findFirst()
                .filter(certificate -> !certificate.keyBarred())
                .isPresent();
        if (!own) {
            transaction.save(new Device(
                    device.id(),
                    device.fleet(),
                    device.state(),
                    device.attributes(),
                    Optional.of(now),
                    device.revocations(),
                    device.createdAt(),
                    now));
        }
    }

    private void certificate(DeviceCertificate known, Entry.CertificateEntry told) {
        // Not of the backup, or from before its device was revoked: as if this had been the first word of it.
        boolean forGood = known.adopted() || known.keyBarred();
        if (told.state() == CertificateState.SUPERSEDED && known.live() && forGood) {
            transaction.update(known.superseded());
            superseded.add("certificate " + known.sha256());
            revokedAfterAll(known.device());
            return;
        }
        if (told.state() == CertificateState.SUPERSEDED && known.live() && !known.retired()) {
            // Ended for good, or shut out by brokers alone: a broker cannot tell. So brokers refuse it, and renewal
            // takes it.
            transaction.update(known.withRetired(true));
            superseded.add("certificate " + known.sha256());
            return;
        }
        if (told.state() != CertificateState.REVOKED || known.state() == CertificateState.REVOKED) {
            return;
        }
        var reason = told.reason().orElse(RevocationReason.UNSPECIFIED);
        boolean lost = reason == RevocationReason.KEY_COMPROMISE || reason == RevocationReason.CA_COMPROMISE;
        // What it was to replace stays shut out where a witness says so: another may not have heard of that. Renewal
        // takes it.
        transaction.update(known.revoked(reason, now, lost));
        revoked.add("certificate " + known.sha256());
        revokedAfterAll(known.device());
    }

    private void adopt(Entry.CertificateEntry told) {
        var device =
                transaction.device(told.device()).filter(known -> known.id().equals(told.device()));
        boolean room = device.isPresent()
                && device.get().state() != DeviceState.DECOMMISSIONED
                && transaction.certificatesOf(told.device(), MOST_OF_A_DEVICE).stream()
                                .filter(DeviceCertificate::adopted)
                                .count()
                        < MOST_OF_A_DEVICE
                && told.notAfter().isAfter(told.notBefore());
        if (!room) {
            differing.add("certificate " + told.sha256());
            return;
        }
        boolean waits = device.get().state() == DeviceState.SUSPENDED;
        var state = told.state() == CertificateState.VALID && waits ? CertificateState.HELD : told.state();
        boolean revokedOne = state == CertificateState.REVOKED;
        boolean since = revokedOne || state == CertificateState.HELD;
        transaction.adopt(new DeviceCertificate(
                told.sha256(),
                told.device(),
                new BigInteger(1, told.sha256().bytes()),
                "",
                state,
                revokedOne ? Optional.of(told.reason().orElse(RevocationReason.UNSPECIFIED)) : Optional.empty(),
                since ? Optional.of(now) : Optional.empty(),
                told.notBefore(),
                told.notAfter(),
                now,
                // no key has it, so nothing is taken for used or barred by it
                told.sha256(),
                false,
                Proof.NONE,
                false,
                Optional.empty()));
        adopted.add(told.device().value());
        boolean live = state == CertificateState.VALID || state == CertificateState.HELD;
        if (live && device.get().revokedAt().isPresent()) {
            // Our CA certified it anew after it was revoked, or nobody can show this certificate.
            transaction.save(device.get().readmitted(now));
        }
    }
}
