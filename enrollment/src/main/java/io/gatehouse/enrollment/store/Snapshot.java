package io.gatehouse.enrollment.store;

import io.gatehouse.admission.feed.Entry;
import io.gatehouse.admission.feed.FeedCodec;
import io.gatehouse.admission.feed.FeedLine;
import io.gatehouse.identity.CertificateState;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.DeviceState;
import io.gatehouse.identity.FleetName;
import io.gatehouse.identity.RevocationReason;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/** The whole directory as lines of the feed, row by row from one transaction. */
final class Snapshot {
    private final SqliteView view;
    private long entries;

    Snapshot(SqliteView view) {
        this.view = view;
    }

    void write(Instant now, Consumer<byte[]> sink) {
        var position = view.position();
        sink.accept(FeedCodec.write(
                new FeedLine.SnapshotBegin(FeedLine.VERSION, position.epoch(), position.revision(), now)));
        Consumer<Entry> counted = entry -> {
            entries++;
            sink.accept(FeedCodec.write(entry));
        };
        view.each(
                row -> new Entry.AuthorityEntry(row.getString(1), row.getBytes(2)),
                counted,
                "SELECT name, der FROM authority ORDER BY id");
        view.each(row -> Entries.of(Rows.fleet(row)), counted, "SELECT " + Rows.FLEET + " FROM fleet f ORDER BY f.id");
        view.each(
                Snapshot::device,
                counted,
                "SELECT d.name, f.name, d.state, d.attributes, d.revocations"
                        + " FROM device d JOIN fleet f ON f.id = d.fleet_id"
                        + " WHERE d.state NOT IN ('pending', 'rejected') ORDER BY d.id");
        view.each(
                Snapshot::certificate,
                counted,
                "SELECT c.sha256, d.name, c.state, c.retired, c.reason, c.not_before, c.not_after"
                        + " FROM certificate c JOIN device d ON d.id = c.device_id WHERE " + EndedRows.IN_DIRECTORY
                        // as SqliteTransaction.tell has it
                        + " AND (c.issuer <> '' OR NOT EXISTS (SELECT 1 FROM imported_authority)) ORDER BY c.id");
        sink.accept(FeedCodec.write(new FeedLine.SnapshotEnd(position.revision(), entries)));
    }

    private static Entry device(ResultSet row) throws SQLException {
        return new Entry.DeviceEntry(
                DeviceId.of(row.getString(1)),
                FleetName.of(row.getString(2)),
                DeviceState.ofWord(row.getString(3)).orElseThrow(),
                Rows.attributes(row.getString(4)),
                row.getInt(5));
    }

    private static Entry certificate(ResultSet row) throws SQLException {
        var state = CertificateState.ofWord(row.getString(3)).orElseThrow();
        boolean retired = row.getBoolean(4);
        return new Entry.CertificateEntry(
                Rows.fingerprint(row.getBytes(1)),
                DeviceId.of(row.getString(2)),
                state == CertificateState.VALID && retired ? CertificateState.SUPERSEDED : state,
                Optional.ofNullable(row.getString(5)).flatMap(RevocationReason::parse),
                Rows.time(row, 6),
                Rows.time(row, 7));
    }
}
