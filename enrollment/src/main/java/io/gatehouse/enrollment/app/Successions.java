package io.gatehouse.enrollment.app;

import io.gatehouse.enrollment.app.domain.Actor;
import io.gatehouse.enrollment.app.domain.DeviceCertificate;
import io.gatehouse.enrollment.app.domain.Proof;
import io.gatehouse.enrollment.app.port.Transaction;
import io.gatehouse.identity.DeviceId;
import java.util.List;
import java.util.Map;

/**
 * How one certificate of a device takes the place of another. A device has one current certificate and at most one unproven
 * successor; the current one ends only when the device has shown the successor to the service itself.
 */
final class Successions {
    private Successions() {}

    /** The service has seen this certificate in use: it is the current one, all others of the device end for good. */
    static void proven(Transaction transaction, DeviceCertificate certificate) {
        if (certificate.proof() == Proof.SERVICE && !certificate.retired()) {
            return;
        }
        for (var other : transaction.liveCertificatesOf(certificate.device())) {
            if (!other.sha256().equals(certificate.sha256())) {
                transaction.update(other.superseded());
            }
        }
        transaction.update(certificate.withProof(Proof.SERVICE).withRetired(false));
        transaction.audit(
                Actor.device(certificate.device()),
                "certificate.proven",
                certificate.device().value(),
                Map.of("certificate", certificate.sha256().hex()));
    }

    /** A new certificate is about to come: every other unproven successor goes, and the current one counts in full again. */
    static void makeRoom(Transaction transaction, DeviceId device) {
        var live = transaction.liveCertificatesOf(device);
        if (live.isEmpty()) {
            return;
        }
        var current = current(live);
        for (var other : live) {
            if (!other.sha256().equals(current.sha256())) {
                transaction.update(other.superseded());
            }
        }
        if (current.retired()) {
            transaction.update(current.withRetired(false));
        }
    }

    /** A broker reports a session made with it: brokers refuse what came before it, renewal still takes that. */
    static boolean admitted(Transaction transaction, Actor broker, DeviceCertificate certificate) {
        if (certificate.proof() != Proof.NONE || !certificate.live()) {
            return false;
        }
        boolean older = false;
        for (var other : transaction.liveCertificatesOf(certificate.device())) {
            if (older && !other.retired()) {
                transaction.update(other.withRetired(true));
            }
            older |= other.sha256().equals(certificate.sha256());
        }
        transaction.update(certificate.withProof(Proof.BROKER));
        transaction.audit(
                broker,
                "certificate.admitted",
                certificate.device().value(),
                Map.of("certificate", certificate.sha256().hex()));
        return true;
    }

    /** When a successor is revoked by itself, what it was to replace counts in full again; called before that. */
    static void withdraw(Transaction transaction, DeviceCertificate certificate) {
        if (!certificate.live() || certificate.proof() == Proof.SERVICE) {
            return;
        }
        for (var other : transaction.liveCertificatesOf(certificate.device())) {
            if (other.retired()) {
                transaction.update(other.withRetired(false));
            }
        }
    }

    /** The one that the service has seen in use; while there is none, the oldest. */
    private static DeviceCertificate current(List<DeviceCertificate> newestFirst) {
        return newestFirst.stream()
                .filter(certificate -> certificate.proof() == Proof.SERVICE)
                .findFirst()
                .orElse(newestFirst.get(newestFirst.size() - 1));
    }
}
