package io.gatehouse.enrollment.app;

import io.gatehouse.enrollment.app.domain.Actor;
import io.gatehouse.enrollment.app.domain.Claim;
import io.gatehouse.enrollment.app.domain.Device;
import io.gatehouse.enrollment.app.domain.DeviceCertificate;
import io.gatehouse.enrollment.app.domain.Fleet;
import io.gatehouse.enrollment.app.domain.Outcome;
import io.gatehouse.enrollment.app.domain.RenewalWindow;
import io.gatehouse.enrollment.app.port.Issuer;
import io.gatehouse.enrollment.app.port.Registry;
import io.gatehouse.enrollment.app.port.Transaction;
import io.gatehouse.enrollment.app.port.View;
import io.gatehouse.identity.DeviceState;
import io.gatehouse.identity.RefusalReason;
import io.gatehouse.x509.PublicKeys.SubjectKey;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/** EST simpleenroll: a certificate for a claim, or for a current certificate by the rules of {@link ReenrollDevice}. Thread-safe. */
public final class EnrollDevice {
    private final Registry registry;
    private final Issuer issuer;
    private final CertificateJudge judge;
    private final CsrRules rules;
    private final ReenrollDevice reenroll;
    private final Throttle throttle;
    private final InstantSource clock;

    public EnrollDevice(
            Registry registry,
            Issuer issuer,
            CertificateJudge judge,
            CsrRules rules,
            ReenrollDevice reenroll,
            Throttle throttle,
            InstantSource clock) {
        this.registry = registry;
        this.issuer = issuer;
        this.judge = judge;
        this.rules = rules;
        this.reenroll = reenroll;
        this.throttle = throttle;
        this.clock = clock;
    }

    /** Power-cut safe: the same claim with the same key gets the same certificate again for as long as that is valid. */
    public Outcome<Enrolled> enroll(EnrollmentRequest request) {
        if (request.credentials().isEmpty()) {
            return request.chain().isEmpty()
                    ? Outcome.refused(RefusalReason.NO_CREDENTIALS)
                    : reenroll.reenroll(request);
        }
        return authenticate(request.credentials().get(), request.source())
                .then(claim -> proofsAgree(request, claim))
                .then(claim -> rules.read(request.pkcs10(), claim.device()).then(csr -> enroll(claim, csr.key())));
    }

    /** The secret is 256 random bits, looked up by its SHA-256: how long that takes tells nothing of the secret. */
    private Outcome<Claim> authenticate(EnrollmentRequest.Credentials credentials, String source) {
        var hash = Claims.hash(credentials.secret());
        var claim = registry.read(view -> view.claimBySecret(hash))
                .filter(found -> found.device().value().equals(credentials.user()));
        return claim.<Outcome<Claim>>map(Outcome::done)
                .orElseGet(() -> Outcome.refused(
                        throttle.wrong(source) ? RefusalReason.TOO_MANY_REQUESTS : RefusalReason.WRONG_SECRET));
    }

    /** A label in the path and a client certificate are proofs too: they must be good, and of the same device and fleet. */
    private Outcome<Claim> proofsAgree(EnrollmentRequest request, Claim claim) {
        if (!request.fleet().map(claim.fleet()::equals).orElse(true)) {
            return Outcome.refused(RefusalReason.WRONG_FLEET);
        }
        if (request.chain().isEmpty()) {
            return Outcome.done(claim);
        }
        return judge.admit(request.chain())
                .then(known -> known.device().id().equals(claim.device())
                        ? Outcome.done(claim)
                        : Outcome.refused(
                                RefusalReason.NAME_MISMATCH, "the claim and the certificate name different devices"));
    }

    private Outcome<Enrolled> enroll(Claim claim, SubjectKey key) {
        return registry.read(view -> decide(view, claim.id(), key, clock.instant()))
                .then(right -> {
                    if (right.issued().isPresent()) {
                        return Outcome.done(right.issued().get());
                    }
                    return CsrRules.accepted(key, right.fleet()).then(sound -> issue(claim, right.fleet(), sound));
                });
    }

    /** Signed outside of the transaction, which decides anew: of two requests that race, one wins. */
    private Outcome<Enrolled> issue(Claim claim, Fleet fleet, SubjectKey key) {
        var fresh = NewCertificate.issue(issuer, claim.device(), fleet, key, clock.instant());
        return registry.write(transaction -> decide(transaction, claim.id(), key, clock.instant())
                .then(now -> Outcome.done(now.issued().orElseGet(() -> store(transaction, now, fresh)))));
    }

    /** What a claim gives to a key: the certificate that was issued for it already, or the right to a new one. */
    private record Right(Claim claim, Fleet fleet, Optional<Device> device, Optional<Enrolled> issued) {}

    private static Outcome<Right> decide(View view, String claimId, SubjectKey key, Instant now) {
        var claim = view.claim(claimId).orElseThrow();
        var fleet = view.fleet(claim.fleet()).orElseThrow();
        var device = view.device(claim.device());
        var refusal = refusal(view, claim, fleet, device, key, now);
        if (refusal.isPresent()) {
            return Outcome.refused(refusal.get());
        }
        var issued = claim.certificate()
                .flatMap(view::certificate)
                .map(certificate -> new Enrolled(
                        certificate.device(), view.der(certificate.sha256()), RenewalWindow.of(certificate)));
        return Outcome.done(new Right(claim, fleet, device, issued));
    }

    private static Optional<RefusalReason> refusal(
            View view, Claim claim, Fleet fleet, Optional<Device> device, SubjectKey key, Instant now) {
        var ofDevice = device.flatMap(known -> ofDevice(known, claim));
        if (ofDevice.equals(Optional.of(RefusalReason.DECOMMISSIONED))) {
            return ofDevice;
        }
        if (claim.usedBy().isPresent()) {
            return ofUsed(view, claim, key, now).or(() -> ofDevice).or(() -> DeviceRules.refusal(fleet));
        }
        if (claim.cancelled()) {
            return Optional.of(RefusalReason.CLAIM_CANCELLED);
        }
        if (now.isAfter(claim.expiresAt())) {
            return Optional.of(RefusalReason.CLAIM_EXPIRED);
        }
        if (!claim.publicKey().map(key.fingerprint()::equals).orElse(true)) {
            return Optional.of(RefusalReason.KEY_MISMATCH);
        }
        return ofDevice.or(() -> DeviceRules.refusal(fleet)).or(() -> ofKey(view, device, key));
    }

    private static Optional<RefusalReason> ofDevice(Device device, Claim claim) {
        if (!device.id().equals(claim.device())) {
            return Optional.of(RefusalReason.NAME_MISMATCH); // the same but for case
        }
        return device.fleet().equals(claim.fleet())
                ? DeviceRules.refusal(device)
                : Optional.of(RefusalReason.WRONG_FLEET);
    }

    private static Optional<RefusalReason> ofUsed(View view, Claim claim, SubjectKey key, Instant now) {
        if (!claim.usedBy().equals(Optional.of(key.fingerprint()))) {
            return Optional.of(RefusalReason.KEY_MISMATCH);
        }
        var certificate = claim.certificate().flatMap(view::certificate).orElseThrow();
        return switch (certificate.state()) {
            case REVOKED -> Optional.of(RefusalReason.REVOKED);
            case SUPERSEDED -> Optional.of(RefusalReason.CLAIM_SPENT);
            case HELD -> Optional.of(RefusalReason.SUSPENDED);
            case VALID -> certificate.expired(now) ? Optional.of(RefusalReason.CLAIM_SPENT) : Optional.empty();
        };
    }

    private static Optional<RefusalReason> ofKey(View view, Optional<Device> device, SubjectKey key) {
        boolean revoked = device.flatMap(Device::revokedAt).isPresent();
        boolean burnt = view.keyBarred(key.fingerprint()) || (revoked && view.keyUsed(key.fingerprint()));
        return burnt ? Optional.of(RefusalReason.KEY_REUSED) : Optional.empty();
    }

    private Enrolled store(Transaction transaction, Right right, NewCertificate fresh) {
        DeviceCertificate certificate = fresh.certificate();
        var now = clock.instant();
        transaction.save(right.device()
                .map(known -> known.revokedAt().isPresent() ? known.readmitted(now) : known)
                .orElseGet(() -> new Device(
                        certificate.device(),
                        right.fleet().name(),
                        DeviceState.ACTIVE,
                        Map.of(),
                        Optional.empty(),
                        0,
                        now,
                        now)));
        Successions.makeRoom(transaction, certificate.device());
        transaction.insert(certificate, fresh.der());
        transaction.update(right.claim().used(certificate.key(), certificate.sha256()));
        transaction.audit(
                Actor.device(certificate.device()),
                "device.enroll",
                certificate.device().value(),
                Map.of(
                        "fleet", right.fleet().name().value(),
                        "claim", right.claim().id(),
                        "certificate", certificate.sha256().hex(),
                        "notAfter", certificate.notAfter().toString()));
        return fresh.enrolled();
    }
}
