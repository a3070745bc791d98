package io.gatehouse.enrollment.store;

import io.gatehouse.enrollment.app.domain.DeviceCertificate;
import io.gatehouse.enrollment.app.domain.Restoration;
import io.gatehouse.enrollment.app.domain.Witness;
import io.gatehouse.identity.BrokerName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The restore that a registry comes from, and the brokers' words about it, as rows. Stateless. */
final class RestorationRows {
    private static final String WITNESS = "SELECT broker, revision, began_at, finished_at, entries, revoked, suspended,"
            + " adopted, devices, fleets, differing FROM witness";

    private RestorationRows() {}

    static Optional<Restoration> restoration(AuditView view) {
        return view.one(
                row -> new Restoration(
                        row.getString(1),
                        row.getLong(2),
                        row.getLong(3),
                        Rows.time(row, 4),
                        Rows.time(row, 5),
                        Rows.time(row, 6),
                        Rows.timeOrNone(row, 7)),
                "SELECT epoch, revision, audit_seq, backup_at, restored_at, until, finished_at FROM restoration");
    }

    static List<Witness> witnesses(AuditView view) {
        return view.many(RestorationRows::witness, WITNESS + " ORDER BY broker");
    }

    static Optional<Witness> witness(AuditView view, BrokerName broker) {
        return view.one(RestorationRows::witness, WITNESS + " WHERE broker = ?", broker.value());
    }

    static void finish(Sql db, Instant at) {
        db.execute("UPDATE restoration SET finished_at = ? WHERE finished_at IS NULL", at.toEpochMilli());
    }

    static void save(Sql db, Witness witness) {
        db.execute(
                "INSERT INTO witness (broker, revision, began_at, finished_at, entries, revoked, suspended, adopted,"
                        + " devices, fleets, differing) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                        + " ON CONFLICT (broker) DO UPDATE SET revision = excluded.revision,"
                        + " finished_at = excluded.finished_at, entries = excluded.entries,"
                        + " revoked = excluded.revoked, suspended = excluded.suspended, adopted = excluded.adopted,"
                        + " devices = excluded.devices, fleets = excluded.fleets, differing = excluded.differing",
                witness.broker().value(),
                witness.revision(),
                witness.beganAt().toEpochMilli(),
                witness.finishedAt().map(Instant::toEpochMilli).orElse(null),
                witness.entries(),
                witness.revoked(),
                witness.suspended(),
                witness.adopted(),
                witness.devices(),
                witness.fleets(),
                witness.differing());
    }

    /** Fills in what only the certificate itself tells. */
    static void complete(Sql db, DeviceCertificate certificate, byte[] der) {
        db.execute(
                "UPDATE certificate SET issuer = ?, serial = ?, key_sha256 = ?, not_before = ?, not_after = ?,"
                        + " device_id = (SELECT id FROM device WHERE folded = ?) WHERE sha256 = ?",
                certificate.issuer(),
                certificate.serial().toByteArray(),
                certificate.key().bytes(),
                certificate.notBefore().toEpochMilli(),
                certificate.notAfter().toEpochMilli(),
                certificate.device().caseFolded(),
                certificate.sha256().bytes());
        db.execute(
                "INSERT INTO certificate_der (id, der) SELECT id, ? FROM certificate WHERE sha256 = ?",
                der,
                certificate.sha256().bytes());
    }

    private static Witness witness(ResultSet row) throws SQLException {
        return new Witness(
                BrokerName.of(row.getString(1)),
                row.getLong(2),
                Rows.time(row, 3),
                Rows.timeOrNone(row, 4),
                row.getLong(5),
                row.getLong(6),
                row.getLong(7),
                row.getLong(8),
                row.getLong(9),
                row.getLong(10),
                row.getLong(11));
    }
}
