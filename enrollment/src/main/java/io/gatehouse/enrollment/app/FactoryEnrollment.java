package io.gatehouse.enrollment.app;

import io.gatehouse.enrollment.app.domain.Actor;
import io.gatehouse.enrollment.app.domain.CertificateUse;
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
import io.gatehouse.identity.Fingerprint;
import io.gatehouse.identity.FleetName;
import io.gatehouse.identity.RefusalReason;
import io.gatehouse.x509.Certificates;
import io.gatehouse.x509.PublicKeys.SubjectKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * EST simpleenroll with the certificate that a device got from its maker, the IDevID of IEEE 802.1AR: it opens the door once, for an
 * id that was never seen, and what it gives is the owner's certificate, the LDevID, for the key of the request: the factory's own key
 * or a new one. Thread-safe.
 */
public final class FactoryEnrollment {
    /** So many fleets are looked at for a certificate that comes without a label. */
    private static final int MOST_FLEETS = 8;

    private final Registry registry;
    private final Issuer issuer;
    private final CsrRules rules;
    private final InstantSource clock;

    public FactoryEnrollment(Registry registry, Issuer issuer, CsrRules rules, InstantSource clock) {
        this.registry = registry;
        this.issuer = issuer;
        this.rules = rules;
        this.clock = clock;
    }

    /** A factory certificate that is good: whose it is, and the fleet that takes it. */
    record Proven(DeviceId device, Fleet fleet, X509Certificate leaf) {
        Fingerprint sha256() {
            return Certificates.fingerprint(leaf);
        }
    }

    /** Power-cut safe: the same certificate with the same key gets the same answer for as long as that is valid. */
    Outcome<Enrolled> enroll(EnrollmentRequest request) {
        return prove(request.chain(), request.fleet())
                .then(proven -> rules.readAfterForeign(request.pkcs10(), proven.device(), proven.leaf())
                        .then(csr -> enroll(proven, csr.key())));
    }

    /** The fleet is the one of the label; without a label, the only one whose anchors lead to this certificate. */
    Outcome<Proven> prove(List<X509Certificate> chain, Optional<FleetName> label) {
        if (label.isPresent()) {
            return registry.read(view -> Fleets.find(view, label.get())).then(fleet -> proven(chain, fleet));
        }
        var issuers = chain.stream()
                .limit(FactoryPath.LONGEST)
                .map(X509Certificate::getIssuerX500Principal)
                .distinct()
                .toList();
        var fleets = registry.read(view -> view.fleetsTrusting(issuers, MOST_FLEETS + 1));
        if (fleets.isEmpty()) {
            return Outcome.refused(RefusalReason.UNKNOWN_ISSUER);
        }
        return fleets.size() > MOST_FLEETS ? ambiguous() : onlyOne(chain, fleets);
    }

    private Outcome<Proven> onlyOne(List<X509Certificate> chain, List<Fleet> fleets) {
        var judged = new ArrayList<Outcome<Proven>>();
        fleets.forEach(fleet -> judged.add(proven(chain, fleet)));
        var good = judged.stream().filter(Outcome.Done.class::isInstance).toList();
        if (good.isEmpty()) {
            return judged.get(0);
        }
        return good.size() > 1 ? ambiguous() : good.get(0);
    }

    private static Outcome<Proven> ambiguous() {
        return Outcome.refused(
                RefusalReason.WRONG_FLEET, "more than one fleet takes this factory certificate: name one in the path");
    }

    private Outcome<Proven> proven(List<X509Certificate> chain, Fleet fleet) {
        return fleet.rules()
                .factory()
                .map(rule -> FactoryPath.judge(chain, rule, clock.instant())
                        .then(leaf -> FactoryCertificates.device(leaf, rule.id())
                                .map(device -> new Proven(device, fleet, leaf))))
                .orElseGet(
                        () -> Outcome.refused(RefusalReason.UNKNOWN_ISSUER, "the fleet takes no factory certificates"));
    }

    private Outcome<Enrolled> enroll(Proven proven, SubjectKey key) {
        return registry.read(view -> decide(view, proven, key.fingerprint(), clock.instant()))
                .then(right -> {
                    if (right.issued().isPresent()) {
                        return Outcome.done(right.issued().get());
                    }
                    return CsrRules.accepted(key, proven.fleet()).then(sound -> issue(proven, sound));
                });
    }

    /** Signed outside of the transaction, which decides anew: of two requests that race, one wins. */
    private Outcome<Enrolled> issue(Proven proven, SubjectKey key) {
        var fresh = NewCertificate.issue(issuer, proven.device(), proven.fleet(), key, clock.instant());
        return registry.write(transaction -> decide(transaction, proven, key.fingerprint(), clock.instant())
                .then(right -> Outcome.done(
                        right.issued().orElseGet(() -> store(transaction, proven, right.device(), fresh)))));
    }

    /** What was issued already, or the right to a new certificate. */
    private record Right(Optional<Device> device, Optional<Enrolled> issued) {}

    private static Outcome<Right> decide(View view, Proven proven, Fingerprint key, Instant now) {
        var fleet = view.fleet(proven.fleet().name()).orElseThrow();
        var device = view.device(proven.device());
        var use = view.certificateUse(proven.sha256());
        var refusal = device.flatMap(known -> ofDevice(known, proven)).or(() -> DeviceRules.refusal(fleet));
        if (refusal.isPresent()) {
            return Outcome.refused(refusal.get());
        }
        if (device.isEmpty() || waits(device.get())) {
            return use.isPresent() ? anotherName() : ofKey(view, device, key);
        }
        if (use.isEmpty()) {
            return Outcome.refused(
                    device.get().revokedAt().isPresent() ? RefusalReason.REVOKED : RefusalReason.ALREADY_EXISTS,
                    "there is a device of this id, which did not enroll with this factory certificate: a claim for it is needed");
        }
        if (!use.get().device().equals(proven.device())) {
            return anotherName();
        }
        return device.get().revokedAt().isPresent()
                ? again(view, device.get(), key)
                : same(view, device.get(), use.get(), key, now);
    }

    private static Optional<RefusalReason> ofDevice(Device device, Proven proven) {
        if (!device.id().equals(proven.device())) {
            return Optional.of(RefusalReason.NAME_MISMATCH); // the same but for case
        }
        return DeviceRules.refusal(device)
                .filter(reason -> !waits(device))
                .or(() -> device.fleet().equals(proven.fleet().name())
                        ? Optional.empty()
                        : Optional.of(RefusalReason.WRONG_FLEET));
    }

    private static Outcome<Right> anotherName() {
        return Outcome.refused(
                RefusalReason.NAME_MISMATCH, "this factory certificate has enrolled a device of another id");
    }

    /** Nobody has let in an id that somebody only asked for with a claim: the maker's word for it goes before that. */
    private static boolean waits(Device device) {
        return device.state() == DeviceState.PENDING;
    }

    private static Outcome<Right> ofKey(View view, Optional<Device> waiting, Fingerprint key) {
        return view.keyBarred(key)
                ? Outcome.refused(RefusalReason.KEY_REUSED)
                : Outcome.done(new Right(waiting, Optional.empty()));
    }

    /** A revoked device: only a reinstated one, with the key that it has. */
    private static Outcome<Right> again(View view, Device device, Fingerprint key) {
        if (!device.reinstated()) {
            return Outcome.refused(RefusalReason.REVOKED);
        }
        return Reinstatements.permits(view, device, key)
                ? Outcome.done(new Right(Optional.of(device), Optional.empty()))
                : Outcome.refused(RefusalReason.KEY_MISMATCH, "a reinstated device enrolls with the key that it has");
    }

    private static Outcome<Right> same(View view, Device device, CertificateUse use, Fingerprint key, Instant now) {
        DeviceCertificate certificate = view.certificate(use.certificate()).orElseThrow();
        if (!certificate.key().equals(key)) {
            return Outcome.refused(RefusalReason.KEY_MISMATCH);
        }
        return switch (certificate.state()) {
            case REVOKED -> Outcome.refused(RefusalReason.REVOKED);
            case HELD -> Outcome.refused(RefusalReason.SUSPENDED);
            case SUPERSEDED -> spent();
            case VALID ->
                certificate.expired(now)
                        ? spent()
                        : Outcome.done(new Right(Optional.of(device), Optional.of(Enrolled.of(view, certificate))));
        };
    }

    private static Outcome<Right> spent() {
        return Outcome.refused(RefusalReason.CLAIM_SPENT, "the factory certificate has been used: a claim is needed");
    }

    private Enrolled store(Transaction transaction, Proven proven, Optional<Device> known, NewCertificate fresh) {
        DeviceCertificate certificate = fresh.certificate();
        var now = clock.instant();
        boolean back = known.flatMap(Device::revokedAt).isPresent();
        if (back) {
            transaction.unbarKey(proven.device(), certificate.key());
        } else {
            transaction.endRequestsOf(proven.device());
        }
        transaction.save(known.map(device -> back ? device.readmitted(now) : device.withState(DeviceState.ACTIVE, now))
                .orElseGet(() -> new Device(
                        proven.device(),
                        proven.fleet().name(),
                        DeviceState.ACTIVE,
                        Map.of(),
                        Optional.empty(),
                        0,
                        now,
                        now)));
        Successions.makeRoom(transaction, certificate.device());
        transaction.insert(certificate, fresh.der());
        transaction.save(new CertificateUse(proven.sha256(), proven.device(), certificate.sha256()), now);
        transaction.audit(
                Actor.device(certificate.device()),
                back ? "device.enroll-reinstated" : "device.enroll",
                certificate.device().value(),
                Map.of(
                        "fleet", proven.fleet().name().value(),
                        "factoryCertificate", proven.sha256().hex(),
                        "certificate", certificate.sha256().hex(),
                        "notAfter", certificate.notAfter().toString()));
        return fresh.enrolled();
    }
}
