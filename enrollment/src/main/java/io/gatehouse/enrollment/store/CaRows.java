package io.gatehouse.enrollment.store;

import io.gatehouse.enrollment.app.domain.DevicesCa;
import io.gatehouse.enrollment.app.port.View.StoredCrl;

/** Writes the rows of the devices CAs and of their CRLs' numbers. Stateless. */
final class CaRows {
    private CaRows() {}

    static void save(Sql db, DevicesCa ca) {
        db.execute(
                "INSERT INTO devices_ca (generation, name, sha256, issuer, state, since, not_after)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?)"
                        + " ON CONFLICT (generation) DO UPDATE SET state = excluded.state, since = excluded.since",
                ca.generation(),
                ca.name(),
                ca.sha256().bytes(),
                ca.subject(),
                ca.state().word(),
                ca.since().toEpochMilli(),
                ca.notAfter().toEpochMilli());
    }

    static void save(Sql db, StoredCrl crl) {
        db.execute(
                "INSERT INTO crl (name, number, this_update, next_update) VALUES (?, ?, ?, ?)"
                        + " ON CONFLICT (name) DO UPDATE SET number = excluded.number,"
                        + " this_update = excluded.this_update, next_update = excluded.next_update",
                crl.name(),
                crl.number().toString(),
                crl.thisUpdate().toEpochMilli(),
                crl.nextUpdate().toEpochMilli());
    }
}
