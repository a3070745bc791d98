package io.gatehouse.enrollment.app;

import io.gatehouse.enrollment.app.CertificateJudge.Known;
import io.gatehouse.enrollment.app.domain.Actor;
import io.gatehouse.enrollment.app.domain.DeviceCertificate;
import io.gatehouse.enrollment.app.domain.Outcome;
import io.gatehouse.enrollment.app.domain.Proof;
import io.gatehouse.enrollment.app.domain.RenewalWindow;
import io.gatehouse.enrollment.app.port.Issuer;
import io.gatehouse.enrollment.app.port.Registry;
import io.gatehouse.enrollment.app.port.Transaction;
import io.gatehouse.enrollment.app.port.View;
import io.gatehouse.identity.Fingerprint;
import io.gatehouse.identity.RefusalReason;
import io.gatehouse.x509.Pkcs10Request;
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
    private final InstantSource clock;

    public ReenrollDevice(
            Registry registry, Issuer issuer, CertificateJudge judge, CsrRules rules, InstantSource clock) {
        this.registry = registry;
        this.issuer = issuer;
        this.judge = judge;
        this.rules = rules;
        this.clock = clock;
    }

    /** The current certificate stays good until the device has proven the new one; there is at most one unproven successor. */
    public Outcome<Enrolled> reenroll(EnrollmentRequest request) {
        return judge.admit(request.chain()).then(known -> {
            var device = known.device();
            if (!request.fleet().map(device.fleet()::equals).orElse(true)) {
                return Outcome.refused(RefusalReason.WRONG_FLEET);
            }
            boolean another = request.credentials()
                    .map(credentials -> !credentials.user().equals(device.id().value()))
                    .orElse(false);
            if (another) {
                return Outcome.refused(
                        RefusalReason.NAME_MISMATCH, "the credentials and the certificate name different devices");
            }
            return csr(request, known).then(csr -> {
                var key = csr.key();
                var again = registry.read(view ->
                        successor(view, known.certificate(), key.fingerprint()).map(found -> enrolled(view, found)));
                if (again.isPresent()) {
                    return Outcome.done(again.get());
                }
                return CsrRules.accepted(key, known.fleet()).then(sound -> {
                    var fresh = NewCertificate.issue(issuer, device.id(), known.fleet(), sound, clock.instant());
                    return registry.write(transaction ->
                            store(transaction, known.certificate().sha256(), fresh));
                });
            });
        });
    }

    private Outcome<Pkcs10Request> csr(EnrollmentRequest request, Known known) {
        var id = known.device().id();
        return known.certificate().importedFrom().isPresent()
                ? rules.readAfterImported(request.pkcs10(), id, request.chain().get(0))
                : rules.read(request.pkcs10(), id);
    }

    private Outcome<Enrolled> store(Transaction transaction, Fingerprint presented, NewCertificate fresh) {
        return CertificateJudge.admit(transaction, presented, clock.instant()).then(known -> {
            var current = known.certificate();
            var key = fresh.certificate().key();
            var again = successor(transaction, current, key);
            if (again.isPresent()) {
                return Outcome.done(enrolled(transaction, again.get()));
            }
            if (transaction.keyBarred(key)) {
                return Outcome.refused(RefusalReason.KEY_REUSED);
            }
            boolean late = current.retired();
            replace(transaction, known);
            transaction.insert(fresh.certificate(), fresh.der());
            transaction.audit(
                    Actor.device(current.device()),
                    late ? "device.reenroll-with-retired" : "device.reenroll",
                    current.device().value(),
                    Map.of(
                            "certificate", fresh.certificate().sha256().hex(),
                            "presented", presented.hex(),
                            "notAfter", fresh.certificate().notAfter().toString()));
            return Outcome.done(fresh.enrolled());
        });
    }

    /** What was presented in a TLS handshake is proven by that; all others make room for the new one. */
    private static void replace(Transaction transaction, Known known) {
        var current = known.certificate();
        for (var other : transaction.liveCertificatesOf(current.device())) {
            if (!other.sha256().equals(current.sha256())) {
                transaction.update(other.superseded());
            }
        }
        if (current.proof() != Proof.SERVICE || current.retired()) {
            transaction.update(current.withProof(Proof.SERVICE).withRetired(false));
        }
    }

    /** The successor that was issued for the same key already, and perhaps never arrived. */
    private Optional<DeviceCertificate> successor(View view, DeviceCertificate current, Fingerprint key) {
        Instant now = clock.instant();
        return view.liveCertificatesOf(current.device()).stream()
                .takeWhile(newer -> !newer.sha256().equals(current.sha256()))
                .filter(newer -> newer.proof() != Proof.SERVICE && newer.key().equals(key) && !newer.expired(now))
                .findFirst();
    }

    private static Enrolled enrolled(View view, DeviceCertificate certificate) {
        return new Enrolled(certificate.device(), view.der(certificate.sha256()), RenewalWindow.of(certificate));
    }
}
