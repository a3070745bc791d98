package io.gatehouse.enrollment.store;

import io.gatehouse.enrollment.app.domain.CertificateUse;
import io.gatehouse.enrollment.app.domain.Fleet;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.Fingerprint;
import io.gatehouse.x509.Pem;
import io.gatehouse.x509.der.MalformedException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.security.auth.x500.X500Principal;

/** Rows of factory certificates, of certificates that let in once, and of keys that come back. Stateless. */
final class RenewalRows {
    private RenewalRows() {}

    static List<Fleet> fleetsTrusting(SqliteView view, List<X500Principal> issuers, int limit) {
        if (issuers.isEmpty()) {
            return List.of();
        }
        var arguments = new ArrayList<Object>();
        issuers.forEach(issuer -> arguments.add(canonical(issuer)));
        arguments.add(limit);
        return view.many(
                Rows::fleet,
                "SELECT " + Rows.FLEET
                        + " FROM fleet f WHERE f.id IN (SELECT fleet_id FROM factory_anchor WHERE subject IN (?"
                        + ", ?".repeat(issuers.size() - 1) + ")) LIMIT ?",
                arguments.toArray());
    }

    /** After the fleet's row is written. */
    static void saveAnchors(SqliteView view, Fleet fleet) {
        var name = fleet.name().value();
        view.db.execute("DELETE FROM factory_anchor WHERE fleet_id = (SELECT id FROM fleet WHERE name = ?)", name);
        fleet.rules()
                .factory()
                .ifPresent(rule -> certificates(rule.anchors()).stream()
                        .map(anchor -> canonical(anchor.getSubjectX500Principal()))
                        .distinct()
                        .forEach(subject -> view.db.execute(
                                "INSERT INTO factory_anchor (fleet_id, subject) VALUES ((SELECT id FROM fleet WHERE name = ?), ?)",
                                name,
                                subject)));
    }

    private static List<X509Certificate> certificates(String pem) {
        try {
            return Pem.certificates(pem);
        } catch (MalformedException e) {
            throw new IllegalStateException("anchors that cannot be read are not stored", e);
        }
    }

    private static String canonical(X500Principal name) {
        return name.getName(X500Principal.CANONICAL);
    }

    static Optional<CertificateUse> use(SqliteView view, Fingerprint presented) {
        return view.one(
                row -> new CertificateUse(
                        Rows.fingerprint(row.getBytes(1)),
                        DeviceId.of(row.getString(2)),
                        Rows.fingerprint(row.getBytes(3))),
                "SELECT u.presented, d.name, u.certificate FROM certificate_use u JOIN device d ON d.id = u.device_id"
                        + " WHERE u.presented = ?",
                presented.bytes());
    }

    static void save(SqliteView view, CertificateUse use, Instant at) {
        view.db.execute(
                "INSERT INTO certificate_use (presented, device_id, certificate, used_at)"
                        + " VALUES (?, (SELECT id FROM device WHERE folded = ?), ?, ?) ON CONFLICT (presented)"
                        + " DO UPDATE SET device_id = excluded.device_id, certificate = excluded.certificate,"
                        + " used_at = excluded.used_at",
                use.presented().bytes(),
                use.device().caseFolded(),
                use.certificate().bytes(),
                at.toEpochMilli());
    }

    static boolean keyRevokedWith(SqliteView view, DeviceId device, Fingerprint key, Instant revoked) {
        return view.one(
                        row -> true,
                        "SELECT 1 FROM certificate WHERE key_sha256 = ? AND state = 'revoked' AND retired = 0"
                                + " AND revoked_at = ? AND device_id = (SELECT id FROM device WHERE folded = ?) LIMIT 1",
                        key.bytes(),
                        revoked.toEpochMilli(),
                        device.caseFolded())
                .isPresent();
    }

    static void unbarKey(SqliteView view, DeviceId device, Fingerprint key) {
        view.db.execute(
                "UPDATE certificate SET key_barred = 0"
                        + " WHERE key_sha256 = ? AND device_id = (SELECT id FROM device WHERE folded = ?)",
                key.bytes(),
                device.caseFolded());
    }
}
