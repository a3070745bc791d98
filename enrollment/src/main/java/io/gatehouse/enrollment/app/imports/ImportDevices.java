package io.gatehouse.enrollment.app.imports;

import io.gatehouse.enrollment.app.domain.Actor;
import io.gatehouse.enrollment.app.domain.Device;
import io.gatehouse.enrollment.app.domain.DeviceCertificate;
import io.gatehouse.enrollment.app.domain.Outcome;
import io.gatehouse.enrollment.app.domain.Proof;
import io.gatehouse.enrollment.app.port.Issuer;
import io.gatehouse.enrollment.app.port.Registry;
import io.gatehouse.enrollment.app.port.Transaction;
import io.gatehouse.enrollment.app.port.View;
import io.gatehouse.enrollment.app.port.View.ImportedAuthority;
import io.gatehouse.identity.CertificateState;
import io.gatehouse.identity.DeviceState;
import io.gatehouse.identity.Fingerprint;
import io.gatehouse.identity.RefusalReason;
import io.gatehouse.x509.Certificates;
import java.math.BigInteger;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Takes devices in that have a certificate of another authority: each is admitted with exactly that certificate until it expires, is
 * revoked, or is renewed with us. Another certificate of the same authority opens nothing. A second run changes nothing. Thread-safe.
 */
public final class ImportDevices {
    /** How many foreign CAs there may be: brokers name each in every handshake. */
    private static final int MOST_AUTHORITIES = 64;

    private final Registry registry;
    private final Issuer issuer;
    private final ImportedAuthorities named;
    private final InstantSource clock;

    public ImportDevices(Registry registry, Issuer issuer, ImportedAuthorities named, InstantSource clock) {
        this.registry = registry;
        this.issuer = issuer;
        this.named = named;
        this.clock = clock;
    }

    /** All rows in one transaction, or, unless it is partial, none. Refused when no row can be judged. */
    public Outcome<ImportResult> run(Actor actor, ImportOrder order) {
        if (order.rows().isEmpty() || order.rows().size() > ImportOrder.MOST_ROWS) {
            return Outcome.refused(
                    RefusalReason.BAD_REQUEST, "devices: 1 to " + ImportOrder.MOST_ROWS + " in one request");
        }
        var now = clock.instant();
        return ForeignAuthorities.of(order.authorities(), issuer, order.weak(), now)
                .then(authorities -> {
                    // Signatures are checked before the one writer is asked for its time.
                    var checked = new CheckedRows(order, authorities, now).all();
                    return order.dryRun()
                            ? Outcome.done(registry.read(view -> judged(view, order, checked))
                                    .result(false))
                            : registry.write(transaction -> store(transaction, actor, order, checked));
                });
    }

    /** What each row comes to, as the registry is now. */
    private record Judgement(List<CheckedRow> fresh, int unchanged, List<ImportResult.Row> refused) {
        ImportResult result(boolean done) {
            return new ImportResult(fresh.size(), unchanged, refused, done);
        }
    }

    private Outcome<ImportResult> store(
            Transaction transaction, Actor actor, ImportOrder order, List<CheckedRow> checked) {
        var judgement = judged(transaction, order, checked);
        if (!judgement.refused().isEmpty() && !order.partial()) {
            return Outcome.done(new ImportResult(0, judgement.unchanged(), judgement.refused(), false));
        }
        var now = clock.instant();
        Map<Fingerprint, ImportedAuthority> authorities = new HashMap<>();
        for (var row : judgement.fresh()) {
            var authority = authority(row.authority().orElseThrow(), now);
            if (authorities.putIfAbsent(authority.sha256(), authority) == null) {
                transaction.save(authority);
            }
            insert(transaction, actor, row, authority.sha256(), order.weak(), now);
        }
        if (transaction.importedAuthorities().size() > MOST_AUTHORITIES) {
            return Outcome.refused(
                    RefusalReason.CONFLICT,
                    "authority: no more than " + MOST_AUTHORITIES + " foreign CAs can be known");
        }
        authorities.values().forEach(authority -> named.put(transaction, authority, actor));
        return Outcome.done(judgement.result(true));
    }

    private static ImportedAuthority authority(X509Certificate certificate, Instant now) {
        return new ImportedAuthority(Certificates.fingerprint(certificate), Certificates.der(certificate), now);
    }

    private Judgement judged(View view, ImportOrder order, List<CheckedRow> checked) {
        var fresh = new ArrayList<CheckedRow>();
        var refused = new ArrayList<ImportResult.Row>();
        int unchanged = 0;
        for (var row : checked) {
            if (known(view, row)) {
                unchanged++;
                continue;
            }
            var flaw = row.flaw().or(() -> flaw(view, row));
            if (flaw.isPresent()) {
                refused.add(flaw.get().at(row.row(), order.rows().get(row.row()).device()));
            } else {
                fresh.add(row);
            }
        }
        return new Judgement(fresh, unchanged, refused);
    }

    /** This device has this certificate already: from an earlier run, whatever has become of it since. */
    private static boolean known(View view, CheckedRow row) {
        return row.certificate()
                .flatMap(certificate -> view.certificate(certificate.sha256()))
                .filter(certificate -> row.device().equals(Optional.of(certificate.device())))
                .isPresent();
    }

    private static Optional<Flaw> flaw(View view, CheckedRow row) {
        var id = row.device().orElseThrow();
        var certificate = row.certificate().orElseThrow();
        var fleet = row.fleet().orElseThrow();
        if (view.fleet(fleet).isEmpty()) {
            return Optional.of(new Flaw(
                    "fleet", fleet.value(), RefusalReason.UNKNOWN_FLEET, "there is no such fleet; make it first"));
        }
        var other = view.certificate(certificate.sha256());
        if (other.isPresent()) {
            return Optional.of(Flaw.certificate(
                    certificate.sha256().hex(),
                    RefusalReason.ALREADY_EXISTS,
                    "this certificate is that of the device " + other.get().device()));
        }
        var device = view.device(id);
        if (device.isPresent()) {
            return Optional.of(
                    device.get().state() == DeviceState.DECOMMISSIONED
                            ? new Flaw(
                                    "device",
                                    id.value(),
                                    RefusalReason.DECOMMISSIONED,
                                    "a device of this id was decommissioned, and an id is never used again")
                            : new Flaw(
                                    "device",
                                    id.value(),
                                    RefusalReason.ALREADY_EXISTS,
                                    "the device " + device.get().id()
                                            + " is here already, with another certificate; take its row out"));
        }
        return view.keyUsed(certificate.key())
                ? Optional.of(Flaw.certificate(
                        certificate.key().hex(),
                        RefusalReason.KEY_REUSED,
                        "another device has, or had, this key; each device needs a key of its own"))
                : Optional.empty();
    }

    private static void insert(
            Transaction transaction, Actor actor, CheckedRow row, Fingerprint authority, boolean weak, Instant now) {
        var id = row.device().orElseThrow();
        var foreign = row.certificate().orElseThrow();
        var certificate = foreign.certificate();
        transaction.save(new Device(
                id, row.fleet().orElseThrow(), DeviceState.ACTIVE, row.attributes(), Optional.empty(), 0, now, now));
        transaction.insert(
                new DeviceCertificate(
                        foreign.sha256(),
                        id,
                        new BigInteger(1, certificate.getSerialNumber().toByteArray()),
                        certificate.getIssuerX500Principal().getName(),
                        CertificateState.VALID,
                        Optional.empty(),
                        Optional.empty(),
                        certificate.getNotBefore().toInstant(),
                        certificate.getNotAfter().toInstant(),
                        now,
                        foreign.key(),
                        false,
                        Proof.NONE,
                        false,
                        Optional.of(authority)),
                Certificates.der(certificate));
        transaction.audit(
                actor,
                "device.import",
                id.value(),
                Map.of(
                        "fleet", row.fleet().orElseThrow().value(),
                        "certificate", foreign.sha256().hex(),
                        "authority", authority.hex(),
                        "weakAllowed", weak,
                        "notAfter", certificate.getNotAfter().toInstant().toString()));
    }
}
