package io.gatehouse.enrollment.app;

import io.gatehouse.enrollment.app.domain.Actor;
import io.gatehouse.enrollment.app.domain.Claim;
import io.gatehouse.enrollment.app.domain.ClaimUse;
import io.gatehouse.enrollment.app.domain.Device;
import io.gatehouse.enrollment.app.domain.DeviceCertificate;
import io.gatehouse.enrollment.app.domain.Fleet;
import io.gatehouse.enrollment.app.domain.Outcome;
import io.gatehouse.enrollment.app.port.Issuer;
import io.gatehouse.enrollment.app.port.Registry;
import io.gatehouse.enrollment.app.port.Transaction;
import io.gatehouse.enrollment.app.port.View;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.DeviceState;
import io.gatehouse.identity.FleetName;
import io.gatehouse.identity.RefusalReason;
import io.gatehouse.x509.PublicKeys.SubjectKey;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/**
 * A certificate for who has the secret of a claim. Power-cut safe: the same claim, id and key get the same certificate again for as
 * long as that is valid, and count once. A claim with approval makes a request that waits; the same request later gets the
 * certificate. Thread-safe.
 */
public final class EnrollByClaim {
    /** How many requests of one claim may wait for approval at a time. */
    public static final int MOST_PENDING = 1000;

    private final Registry registry;
    private final Issuer issuer;
    private final CertificateJudge judge;
    private final FactoryEnrollment factory;
    private final CsrRules rules;
    private final Throttle throttle;
    private final InstantSource clock;

    public EnrollByClaim(
            Registry registry,
            Issuer issuer,
            CertificateJudge judge,
            FactoryEnrollment factory,
            CsrRules rules,
            Throttle throttle,
            InstantSource clock) {
        this.registry = registry;
        this.issuer = issuer;
        this.judge = judge;
        this.factory = factory;
        this.rules = rules;
        this.throttle = throttle;
        this.clock = clock;
    }

    /** The request has credentials. Refused as pending while a person has not approved it. */
    Outcome<Enrolled> enroll(EnrollmentRequest request) {
        var credentials = request.credentials().orElseThrow();
        return authenticate(credentials, request.source())
                .then(known -> askedFor(known.claim(), credentials.user())
                        .then(id -> proofsAgree(request, known.claim(), id))
                        .then(id -> rules.read(request.pkcs10(), id)
                                .then(csr -> enroll(
                                        known, new Asked(known.claim().id(), id, csr.key(), request.source())))));
    }

    private record Known(Claim claim, Fleet fleet) {}

    private record Asked(String claim, DeviceId id, SubjectKey key, String source) {}

    /** The secret is 256 random bits, looked up by its SHA-256: how long that takes tells nothing of the secret. */
    private Outcome<Known> authenticate(EnrollmentRequest.Credentials credentials, String source) {
        var hash = Claims.hash(credentials.secret());
        var known = registry.read(view -> view.claimBySecret(hash)
                .filter(found -> found.device()
                        .map(device -> device.value().equals(credentials.user()))
                        .orElse(true))
                .map(found -> new Known(found, view.fleet(found.fleet()).orElseThrow())));
        return known.<Outcome<Known>>map(Outcome::done)
                .orElseGet(() -> Outcome.refused(
                        throttle.wrong(source) ? RefusalReason.TOO_MANY_REQUESTS : RefusalReason.WRONG_SECRET));
    }

    /** With a fleet's claim the user names the id that is asked for. */
    private static Outcome<DeviceId> askedFor(Claim claim, String user) {
        var id = DeviceId.parse(user);
        if (id.isEmpty()) {
            return Outcome.refused(RefusalReason.BAD_REQUEST, "the user is the device's id: " + DeviceId.RULE);
        }
        return claim.allows(id.get())
                ? Outcome.done(id.get())
                : Outcome.refused(RefusalReason.NOT_ALLOWED, "the claim is not for this id");
    }

    /** A label in the path and a client certificate are proofs too: they must be good, and of the same device and fleet. */
    private Outcome<DeviceId> proofsAgree(EnrollmentRequest request, Claim claim, DeviceId id) {
        if (!request.fleet().map(claim.fleet()::equals).orElse(true)) {
            return Outcome.refused(RefusalReason.WRONG_FLEET);
        }
        if (request.chain().isEmpty()) {
            return Outcome.done(id);
        }
        return provenDevice(request, claim)
                .then(device -> device.equals(id)
                        ? Outcome.done(id)
                        : Outcome.refused(
                                RefusalReason.NAME_MISMATCH, "the claim and the certificate name different devices"));
    }

    private Outcome<DeviceId> provenDevice(EnrollmentRequest request, Claim claim) {
        return judge.ours(request.chain())
                ? judge.admit(request.chain()).map(known -> known.device().id())
                : factory.prove(request.chain(), Optional.of(claim.fleet())).map(FactoryEnrollment.Proven::device);
    }

    private Outcome<Enrolled> enroll(Known known, Asked asked) {
        return isFresh(known.claim())
                ? CsrRules.accepted(asked.key(), known.fleet()).then(key -> issue(asked, known.fleet()))
                : enroll(asked);
    }

    /** Nearly always good: signed without being asked about before, since the transaction that stores the certificate decides. */
    private static boolean isFresh(Claim claim) {
        return claim.device().isPresent() && claim.used() == 0 && !claim.cancelled() && !claim.approval();
    }

    private Outcome<Enrolled> enroll(Asked asked) {
        return registry.read(view -> decide(view, asked)).then(right -> {
            if (right instanceof ClaimRules.Again again) {
                return Outcome.done(again.enrolled());
            }
            if (right instanceof ClaimRules.Issue issue) {
                return CsrRules.accepted(asked.key(), issue.fleet()).then(key -> issue(asked, issue.fleet()));
            }
            var wait = (ClaimRules.Wait) right;
            return wait.asked()
                    ? Outcome.refused(RefusalReason.PENDING)
                    : CsrRules.accepted(asked.key(), wait.fleet()).then(key -> write(asked, Optional.empty()));
        });
    }

    /** Signed outside of the transaction, which decides anew: of two requests that race, one wins. */
    private Outcome<Enrolled> issue(Asked asked, Fleet fleet) {
        return write(asked, Optional.of(NewCertificate.issue(issuer, asked.id(), fleet, asked.key(), clock.instant())));
    }

    private Outcome<Enrolled> write(Asked asked, Optional<NewCertificate> fresh) {
        var stored = registry.write(
                transaction -> decide(transaction, asked).then(right -> store(transaction, asked, right, fresh)));
        return stored.then(enrolled ->
                enrolled.<Outcome<Enrolled>>map(Outcome::done).orElseGet(() -> Outcome.refused(RefusalReason.PENDING)));
    }

    private Outcome<ClaimRules.Right> decide(View view, Asked asked) {
        return ClaimRules.decide(view, asked.claim(), asked.id(), asked.key().fingerprint(), clock.instant());
    }

    /** Nothing when the request waits now, which is as durable as a certificate. */
    private Outcome<Optional<Enrolled>> store(
            Transaction transaction, Asked asked, ClaimRules.Right right, Optional<NewCertificate> fresh) {
        if (right instanceof ClaimRules.Again again) {
            return Outcome.done(Optional.of(again.enrolled()));
        }
        if (right instanceof ClaimRules.Wait wait) {
            return wait.asked() ? Outcome.done(Optional.empty()) : ask(transaction, asked, wait);
        }
        if (fresh.isEmpty()) {
            // Approved in this very moment: the next request gets it.
            return Outcome.done(Optional.empty());
        }
        return Outcome.done(Optional.of(issue(transaction, asked, (ClaimRules.Issue) right, fresh.get())));
    }

    private Outcome<Optional<Enrolled>> ask(Transaction transaction, Asked asked, ClaimRules.Wait wait) {
        var claim = wait.claim();
        if (transaction.pendingCount(claim.id()) >= MOST_PENDING) {
            return Outcome.refused(
                    RefusalReason.TOO_MANY_REQUESTS, "as many requests of this claim wait for approval as may");
        }
        var now = clock.instant();
        transaction.endRequestsOf(asked.id()); // the newest takes the place of an older one
        var device = wait.device();
        if (device.isEmpty()) {
            transaction.save(newDevice(asked.id(), claim.fleet(), DeviceState.PENDING));
        } else if (DeviceRules.unsettled(device.get())) {
            transaction.save(device.get().withState(DeviceState.PENDING, now));
        }
        transaction.save(use(asked, ClaimUse.State.PENDING));
        transaction.update(claim.usedOnceMore());
        transaction.audit(
                Actor.claim(claim.id()),
                "device.request",
                asked.id().value(),
                Map.of(
                        "fleet", claim.fleet().value(),
                        "claim", claim.id(),
                        "publicKey", asked.key().fingerprint().hex()));
        return Outcome.done(Optional.empty());
    }

    private Enrolled issue(Transaction transaction, Asked asked, ClaimRules.Issue right, NewCertificate fresh) {
        DeviceCertificate certificate = fresh.certificate();
        var now = clock.instant();
        transaction.endRequestsOf(asked.id()); // approved ones, too: who asked by them is not who enrolls now
        transaction.save(right.device()
                .map(known -> {
                    var active = DeviceRules.unsettled(known) ? known.withState(DeviceState.ACTIVE, now) : known;
                    return active.revokedAt().isPresent() ? active.readmitted(now) : active;
                })
                .orElseGet(() -> newDevice(asked.id(), right.fleet().name(), DeviceState.ACTIVE)));
        Successions.makeRoom(transaction, certificate.device());
        transaction.insert(certificate, fresh.der());
        transaction.save(right.approved()
                .orElseGet(() -> use(asked, ClaimUse.State.APPROVED))
                .issued(certificate.sha256()));
        if (right.approved().isEmpty()) {
            transaction.update(right.claim().usedOnceMore());
        }
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

    private ClaimUse use(Asked asked, ClaimUse.State state) {
        return new ClaimUse(
                asked.claim(),
                asked.id(),
                asked.key().fingerprint(),
                state,
                clock.instant(),
                asked.source(),
                Optional.empty());
    }

    private Device newDevice(DeviceId id, FleetName fleet, DeviceState state) {
        var now = clock.instant();
        return new Device(id, fleet, state, Map.of(), Optional.empty(), 0, now, now);
    }
}
