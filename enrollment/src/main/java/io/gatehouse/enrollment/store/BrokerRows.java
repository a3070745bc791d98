package io.gatehouse.enrollment.store;

import io.gatehouse.identity.BrokerName;

/** Broker nodes as rows. Stateless. */
final class BrokerRows {
    private BrokerRows() {}

    static void remove(Sql db, BrokerName broker) {
        db.execute(
                "DELETE FROM broker_certificate WHERE broker_id = (SELECT id FROM broker WHERE name = ?)",
                broker.value());
        db.execute("DELETE FROM broker WHERE name = ?", broker.value());
    }
}
