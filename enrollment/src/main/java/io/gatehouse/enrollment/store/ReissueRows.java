package io.gatehouse.enrollment.store;

import io.gatehouse.enrollment.app.domain.Reissue;
import io.gatehouse.enrollment.app.port.ReissueOrders;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.Fingerprint;
import io.gatehouse.identity.FleetName;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Orders to renew. A certificate is due under its fleet's order when its row is not younger than the order, it had not expired when the
 * order was made, and it is valid or held. The counters follow each change of that, so that progress is read from one row.
 */
final class ReissueRows implements ReissueOrders {
    private static final String DUE =
            "c.id <= r.last_certificate AND c.not_after > r.started_at AND c.state IN ('valid', 'held')";

    private final SqliteView view;

    ReissueRows(SqliteView view) {
        this.view = view;
    }

    @Override
    public Optional<Reissue> due(Fingerprint certificate) {
        return view.one(
                row -> new Reissue(Rows.time(row, 1), Rows.time(row, 2)),
                "SELECT r.started_at, r.until FROM certificate c JOIN device d ON d.id = c.device_id"
                        + " JOIN reissue r ON r.fleet_id = d.fleet_id"
                        + " WHERE c.sha256 = ? AND c.id <= r.last_certificate",
                certificate.bytes());
    }

    @Override
    public Optional<Counters> of(FleetName fleet) {
        return view.one(
                row -> {
                    long total = row.getLong(3);
                    boolean counted = !row.wasNull();
                    return new Counters(
                            new Reissue(Rows.time(row, 1), Rows.time(row, 2)),
                            counted ? OptionalLong.of(total) : OptionalLong.empty(),
                            row.getLong(4),
                            row.getLong(5));
                },
                "SELECT r.started_at, r.until, r.total, r.gone, r.joined FROM reissue r"
                        + " JOIN fleet f ON f.id = r.fleet_id WHERE f.name = ?",
                fleet.value());
    }

    @Override
    public long countDue(FleetName fleet) {
        return view.one(
                        row -> row.getLong(1),
                        "SELECT count(*) FROM reissue r JOIN fleet f ON f.id = r.fleet_id"
                                + " JOIN device d ON d.fleet_id = r.fleet_id JOIN certificate c ON c.device_id = d.id"
                                + " WHERE f.name = ? AND " + DUE,
                        fleet.value())
                .orElse(0L);
    }

    @Override
    public void start(FleetName fleet, Reissue order) {
        view.db.execute(
                "INSERT OR REPLACE INTO reissue (fleet_id, started_at, until, last_certificate, total, gone, joined)"
                        + " VALUES ((SELECT id FROM fleet WHERE name = ?), ?, ?,"
                        + " (SELECT coalesce(max(id), 0) FROM certificate), NULL, 0, 0)",
                fleet.value(),
                order.startedAt().toEpochMilli(),
                order.until().toEpochMilli());
    }

    @Override
    public void counted(FleetName fleet, Reissue order, long total) {
        view.db.execute(
                "UPDATE reissue SET total = ? WHERE fleet_id = (SELECT id FROM fleet WHERE name = ?)"
                        + " AND started_at = ? AND until = ? AND total IS NULL",
                total,
                fleet.value(),
                order.startedAt().toEpochMilli(),
                order.until().toEpochMilli());
    }

    /** A certificate is about to be neither valid nor held any more. */
    void gone(Fingerprint certificate) {
        view.db.execute(
                "UPDATE reissue SET gone = gone + 1 WHERE fleet_id = (SELECT d.fleet_id FROM certificate c"
                        + " JOIN device d ON d.id = c.device_id JOIN reissue r ON r.fleet_id = d.fleet_id"
                        + " WHERE c.sha256 = ? AND " + DUE + ")",
                certificate.bytes());
    }

    /** A device is about to go to another fleet. */
    void moved(DeviceId device, FleetName from, FleetName to) {
        count("gone", device, from);
        count("joined", device, to);
    }

    private void count(String counter, DeviceId device, FleetName fleet) {
        view.db.execute(
                "UPDATE reissue AS r SET " + counter + " = " + counter + " + (SELECT count(*) FROM certificate c"
                        + " WHERE c.device_id = (SELECT id FROM device WHERE folded = ?) AND " + DUE + ")"
                        + " WHERE fleet_id = (SELECT id FROM fleet WHERE name = ?)",
                device.caseFolded(),
                fleet.value());
    }
}
