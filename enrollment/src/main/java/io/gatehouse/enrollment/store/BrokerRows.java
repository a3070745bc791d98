package io.gatehouse.enrollment.store;

import io.gatehouse.enrollment.app.domain.Broker;
import io.gatehouse.enrollment.app.port.View.BrokerCertificate;
import io.gatehouse.identity.BrokerName;
import java.time.Instant;

/** Broker nodes as rows. Stateless. */
final class BrokerRows {
    private BrokerRows() {}

    static void save(Sql db, Broker broker) {
        db.execute(
                "INSERT INTO broker (name, enrolled_at, last_seen, position) VALUES (?, ?, ?, ?)"
                        + " ON CONFLICT (name) DO UPDATE SET last_seen = excluded.last_seen,"
                        + " position = excluded.position",
                broker.name().value(),
                broker.enrolledAt().toEpochMilli(),
                broker.lastSeen().map(Instant::toEpochMilli).orElse(null),
                broker.position().orElse(null));
    }

    static void insert(Sql db, BrokerCertificate certificate) {
        db.execute(
                "INSERT INTO broker_certificate (sha256, broker_id, not_before, not_after)"
                        + " VALUES (?, (SELECT id FROM broker WHERE name = ?), ?, ?)",
                certificate.sha256().bytes(),
                certificate.broker().value(),
                certificate.notBefore().toEpochMilli(),
                certificate.notAfter().toEpochMilli());
    }

    static void remove(Sql db, BrokerName broker) {
        db.execute(
                "DELETE FROM broker_certificate WHERE broker_id = (SELECT id FROM broker WHERE name = ?)",
                broker.value());
        db.execute("DELETE FROM broker WHERE name = ?", broker.value());
    }
}
