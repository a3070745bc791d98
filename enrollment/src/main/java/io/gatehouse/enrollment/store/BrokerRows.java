package io.gatehouse.enrollment.store;

import io.gatehouse.enrollment.app.domain.Broker;
import io.gatehouse.enrollment.app.port.View.BrokerCertificate;
import io.gatehouse.identity.BrokerName;
import io.gatehouse.identity.Fingerprint;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Broker nodes as rows. Stateless. */
final class BrokerRows {
    static final String COLUMNS = "name, enrolled_at, last_seen, position, names";

    private static final String BETWEEN = " ";

    private BrokerRows() {}

    static Broker broker(ResultSet row) throws SQLException {
        long position = row.getLong(4);
        boolean never = row.wasNull();
        String names = row.getString(5);
        return new Broker(
                BrokerName.of(row.getString(1)),
                Rows.time(row, 2),
                Rows.timeOrNone(row, 3),
                never ? Optional.empty() : Optional.of(position),
                names == null ? List.of() : List.of(names.split(BETWEEN)));
    }

    static BrokerCertificate certificate(ResultSet row) throws SQLException {
        return new BrokerCertificate(
                Rows.fingerprint(row.getBytes(1)),
                BrokerName.of(row.getString(2)),
                Rows.time(row, 3),
                Rows.time(row, 4));
    }

    static void save(Sql db, Broker broker) {
        db.execute(
                "INSERT INTO broker (" + COLUMNS + ") VALUES (?, ?, ?, ?, ?)"
                        + " ON CONFLICT (name) DO UPDATE SET last_seen = excluded.last_seen,"
                        + " position = excluded.position, names = excluded.names",
                broker.name().value(),
                broker.enrolledAt().toEpochMilli(),
                broker.lastSeen().map(Instant::toEpochMilli).orElse(null),
                broker.position().orElse(null),
                broker.names().isEmpty() ? null : String.join(BETWEEN, broker.names()));
    }

    static void insert(Sql db, BrokerCertificate certificate, Fingerprint key) {
        db.execute(
                "INSERT INTO broker_certificate (sha256, broker_id, not_before, not_after, spki_sha256)"
                        + " VALUES (?, (SELECT id FROM broker WHERE name = ?), ?, ?, ?)",
                certificate.sha256().bytes(),
                certificate.broker().value(),
                certificate.notBefore().toEpochMilli(),
                certificate.notAfter().toEpochMilli(),
                key.bytes());
    }

    static void remove(Sql db, BrokerName broker) {
        db.execute(
                "DELETE FROM broker_certificate WHERE broker_id = (SELECT id FROM broker WHERE name = ?)",
                broker.value());
        db.execute("DELETE FROM broker WHERE name = ?", broker.value());
    }
}
