package io.gatehouse.enrollment.app;

import io.gatehouse.enrollment.app.CertificateJudge.Known;
import io.gatehouse.enrollment.app.domain.Actor;
import io.gatehouse.enrollment.app.domain.CertificateUse;
import io.gatehouse.enrollment.app.domain.DeviceCertificate;
import io.gatehouse.enrollment.app.domain.Outcome;
import io.gatehouse.enrollment.app.domain.Proof;
import io.gatehouse.enrollment.app.port.Issuer;
import io.gatehouse.enrollment.app.port.Registry;
import io.gatehouse.enrollment.app.port.Transaction;
import io.gatehouse.enrollment.app.port.View;
import io.gatehouse.identity.CertificateState;
import io.gatehouse.identity.Fingerprint;
import io.gatehouse.identity.RefusalReason;
import io.gatehouse.x509.Pkcs10Request;
import io.gatehouse.x509.PublicKeys.SubjectKey;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/** EST simplereenroll: a successor for the certificate of the TLS connection (RFC 7030, section 4.2.2). Thread-safe. */
public final class ReenrollDevice {
    private final Registry registry;
    private final Issuer issuer;
    private final CertificateJudge judge;
    private final CsrRules rules;
    private final IssuingLimits limits;
    private final InstantSource clock;

    public ReenrollDevice(
            Registry registry,
            Issuer issuer,
            CertificateJudge judge,
            CsrRules rules,
            IssuingLimits limits,
            InstantSource clock) {
        this.registry = registry;
        this.issuer = issuer;
        this.judge = judge;
        this.rules = rules;
        this.limits = limits;
        this.clock = clock;
    }

    /**
     * The current certificate stays good until the device has proven the new one; there is at most one unproven successor. An expired
     * one is taken for as long as the fleet's grace lasts, a revoked one once after the device was reinstated, for the same key. New
     * ones are limited ({@link IssuingLimits}); the same key gets what it was given, however often.
     */
    public Outcome<Enrolled> reenroll(EnrollmentRequest request) {
        return judge.identify(request.chain())
                .then(known -> registry.read(view -> open(view, known, clock.instant())))
                .then(known -> agree(request, known))
                .then(known -> csr(request, known).then(csr -> renew(known, csr.key())));
    }

    private static Outcome<Known> agree(EnrollmentRequest request, Known known) {
        var device = known.device();
        if (!request.fleet().map(device.fleet()::equals).orElse(true)) {
            return Outcome.refused(RefusalReason.WRONG_FLEET);
        }
        boolean another = request.credentials()
                .map(credentials -> !credentials.user().equals(device.id().value()))
                .orElse(false);
        return another
                ? Outcome.refused(
                        RefusalReason.NAME_MISMATCH, "the credentials and the certificate name different devices")
                : Outcome.done(known);
    }

    private Outcome<Pkcs10Request> csr(EnrollmentRequest request, Known known) {
        var id = known.device().id();
        return known.certificate().importedFrom().isPresent()
                ? rules.readAfterForeign(request.pkcs10(), id, request.chain().get(0))
                : rules.read(request.pkcs10(), id);
    }

    /** Whether this certificate may have a successor at all, whatever the key. */
    private static Outcome<Known> open(View view, Known known, Instant now) {
        if (known.refusal().isEmpty()) {
            return Outcome.done(known);
        }
        return switch (known.refusal().get()) {
            case EXPIRED -> inGrace(known, now) ? Outcome.done(known) : Outcome.refused(RefusalReason.EXPIRED);
            case REVOKED -> reinstated(view, known);
            default -> Outcome.refused(known.refusal().get());
        };
    }

    private static boolean inGrace(Known known, Instant now) {
        var grace = known.fleet().rules().expiredGrace();
        return !grace.isZero() && !now.isAfter(known.certificate().notAfter().plus(grace));
    }

    private static Outcome<Known> reinstated(View view, Known known) {
        boolean once =
                Reinstatements.permits(view, known.device(), known.certificate().key())
                        || view.certificateUse(known.certificate().sha256()).isPresent();
        return once
                ? DeviceRules.refusal(known.device())
                        .or(() -> DeviceRules.refusal(known.fleet()))
                        .<Outcome<Known>>map(Outcome::refused)
                        .orElseGet(() -> Outcome.done(known))
                : Outcome.refused(RefusalReason.REVOKED);
    }

    private Outcome<Enrolled> renew(Known known, SubjectKey key) {
        var presented = known.certificate().sha256();
        return registry.read(view -> decide(view, presented, key.fingerprint(), clock.instant()))
                .then(right -> right.issued().isPresent()
                        ? Outcome.done(right.issued().get())
                        : CsrRules.accepted(key, known.fleet()).then(sound -> issue(known, sound)));
    }

    /** Signed outside of the transaction, which decides anew: of two requests that race, one wins. */
    private Outcome<Enrolled> issue(Known known, SubjectKey key) {
        var presented = known.certificate().sha256();
        var fresh = NewCertificate.issue(issuer, known.device().id(), known.fleet(), key, clock.instant());
        return registry.write(transaction -> decide(transaction, presented, key.fingerprint(), clock.instant())
                .then(right -> Outcome.done(right.issued().orElseGet(() -> store(transaction, right.known(), fresh)))));
    }

    /** What was issued already for this key, and perhaps never arrived; or the right to a new certificate. */
    private record Right(Known known, Optional<Enrolled> issued) {}

    private Outcome<Right> decide(View view, Fingerprint presented, Fingerprint key, Instant now) {
        return CertificateJudge.identify(view, presented, now)
                .then(known -> open(view, known, now))
                .then(known -> known.certificate().state() == CertificateState.REVOKED
                        ? onceMore(view, known, key, now)
                        : successor(view, known, key, now));
    }

    private Outcome<Right> successor(View view, Known known, Fingerprint key, Instant now) {
        var current = known.certificate();
        var newer = view.liveCertificatesOf(current.device()).stream()
                .takeWhile(other -> !other.sha256().equals(current.sha256()))
                .filter(other -> other.proof() != Proof.SERVICE && other.key().equals(key) && !other.expired(now))
                .findFirst();
        if (newer.isPresent()) {
            return Outcome.done(new Right(known, Optional.of(Enrolled.of(view, newer.get()))));
        }
        return view.keyBarred(key)
                ? Outcome.refused(RefusalReason.KEY_REUSED)
                : limits.ofDevice(view, current.device(), known.fleet(), new Right(known, Optional.empty()));
    }

    private static Outcome<Right> onceMore(View view, Known known, Fingerprint key, Instant now) {
        if (!key.equals(known.certificate().key())) {
            return Outcome.refused(RefusalReason.KEY_MISMATCH, "a reinstated device enrolls with the key that it has");
        }
        if (Reinstatements.permits(view, known.device(), key)) {
            return Outcome.done(new Right(known, Optional.empty()));
        }
        return view.certificateUse(known.certificate().sha256())
                .flatMap(use -> view.certificate(use.certificate()))
                .filter(issued -> issued.state() == CertificateState.VALID && !issued.expired(now))
                .<Outcome<Right>>map(issued -> Outcome.done(new Right(known, Optional.of(Enrolled.of(view, issued)))))
                .orElseGet(() -> Outcome.refused(RefusalReason.REVOKED));
    }

    private Enrolled store(Transaction transaction, Known known, NewCertificate fresh) {
        var current = known.certificate();
        var now = clock.instant();
        boolean back = current.state() == CertificateState.REVOKED;
        if (back) {
            transaction.save(known.device().readmitted(now));
            transaction.unbarKey(current.device(), current.key());
            transaction.save(
                    new CertificateUse(
                            current.sha256(),
                            current.device(),
                            fresh.certificate().sha256()),
                    now);
        }
        replace(transaction, known);
        transaction.insert(fresh.certificate(), fresh.der());
        transaction.audit(
                Actor.device(current.device()),
                action(current, now),
                current.device().value(),
                Map.of(
                        "certificate", fresh.certificate().sha256().hex(),
                        "presented", current.sha256().hex(),
                        "notAfter", fresh.certificate().notAfter().toString()));
        return fresh.enrolled();
    }

    private static String action(DeviceCertificate presented, Instant now) {
        if (presented.state() == CertificateState.REVOKED) {
            return "device.enroll-reinstated";
        }
        if (presented.retired()) {
            return "device.reenroll-with-retired";
        }
        return presented.expired(now) ? "device.reenroll-expired" : "device.reenroll";
    }

    /** What was presented in a TLS handshake is proven by that; all others make room for the new one. */
    private static void replace(Transaction transaction, Known known) {
        var current = known.certificate();
        for (var other : transaction.liveCertificatesOf(current.device())) {
            if (!other.sha256().equals(current.sha256())) {
                transaction.update(other.superseded());
            }
        }
        if (current.live() && (current.proof() != Proof.SERVICE || current.retired())) {
            transaction.update(current.withProof(Proof.SERVICE).withRetired(false));
        }
    }
}
