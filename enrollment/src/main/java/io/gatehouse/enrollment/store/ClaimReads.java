package io.gatehouse.enrollment.store;

import io.gatehouse.enrollment.app.domain.Claim;
import io.gatehouse.enrollment.app.domain.ClaimUse;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.Fingerprint;
import io.gatehouse.identity.FleetName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a view knows of claims. For one thread. */
final class ClaimReads {
    private static final String FROM_CLAIM = " FROM claim c JOIN fleet f ON f.id = c.fleet_id ";
    private static final String FROM_USE = " FROM claim_use u JOIN claim c ON c.id = u.claim_id ";

    private final SqliteView view;

    ClaimReads(SqliteView view) {
        this.view = view;
    }

    Optional<Claim> claim(String id) {
        return view.one(Rows::claim, "SELECT " + Rows.CLAIM + FROM_CLAIM + "WHERE c.name = ?", id);
    }

    Optional<Claim> bySecret(Fingerprint secretSha256) {
        return view.one(
                Rows::claim, "SELECT " + Rows.CLAIM + FROM_CLAIM + "WHERE c.secret_sha256 = ?", secretSha256.bytes());
    }

    List<Claim> list(Optional<FleetName> fleet, Optional<DeviceId> device, Optional<String> after, int limit) {
        var sql = new StringBuilder("SELECT ").append(Rows.CLAIM).append(FROM_CLAIM);
        var arguments = new ArrayList<Object>();
        sql.append("WHERE c.id > coalesce((SELECT id FROM claim WHERE name = ?), 0)");
        arguments.add(after.orElse(""));
        fleet.ifPresent(name -> {
            sql.append(" AND c.fleet_id = (SELECT id FROM fleet WHERE name = ?)");
            arguments.add(name.value());
        });
        device.ifPresent(id -> {
            sql.append(" AND c.folded = ?");
            arguments.add(id.caseFolded());
        });
        sql.append(" ORDER BY c.id LIMIT ?");
        arguments.add(limit);
        return view.many(Rows::claim, sql.toString(), arguments.toArray());
    }

    boolean claimedAlone(DeviceId device, Instant now) {
        return view.one(
                        row -> true,
                        "SELECT 1 FROM claim WHERE folded = ? AND cancelled = 0 AND used = 0 AND expires_at >= ? LIMIT 1",
                        device.caseFolded(),
                        now.toEpochMilli())
                .isPresent();
    }

    Optional<ClaimUse> use(String claim, DeviceId device) {
        return view.one(
                Rows::use,
                "SELECT " + Rows.USE + FROM_USE + "WHERE c.name = ? AND u.folded = ?",
                claim,
                device.caseFolded());
    }

    Optional<ClaimUse> pending(DeviceId device) {
        return view.one(
                Rows::use,
                "SELECT " + Rows.USE + FROM_USE + "WHERE u.folded = ? AND u.state = 'pending'",
                device.caseFolded());
    }

    List<ClaimUse> pending(String after, int limit) {
        return view.many(
                Rows::use,
                "SELECT " + Rows.USE + FROM_USE
                        + "WHERE u.folded > ? AND u.state = 'pending' ORDER BY u.folded LIMIT ?",
                after,
                limit);
    }

    List<ClaimUse> pendingOf(String claim, int limit) {
        return view.many(
                Rows::use,
                "SELECT " + Rows.USE + FROM_USE + "WHERE c.name = ? AND u.state = 'pending' LIMIT ?",
                claim,
                limit);
    }

    int pendingCount(String claim) {
        return view.one(
                        row -> row.getInt(1),
                        "SELECT count(*) FROM claim_use"
                                + " WHERE claim_id = (SELECT id FROM claim WHERE name = ?) AND state = 'pending'",
                        claim)
                .orElseThrow();
    }

    int pendingCount(int most) {
        return view.one(
                        row -> row.getInt(1),
                        "SELECT count(*) FROM (SELECT 1 FROM claim_use WHERE state = 'pending' LIMIT ?)",
                        most)
                .orElseThrow();
    }
}
