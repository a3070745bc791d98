package io.gatehouse.enrollment.store;

import io.gatehouse.enrollment.app.domain.Claim;
import io.gatehouse.enrollment.app.domain.ClaimUse;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.Fingerprint;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a unit of work writes of claims. For one thread. */
final class ClaimWrites {
    private final Sql db;

    ClaimWrites(Sql db) {
        this.db = db;
    }

    void insert(Claim claim, Fingerprint secretSha256) {
        db.execute(
                "INSERT INTO claim (name, fleet_id, device, folded, allowed_ids, uses, used, approval, secret_sha256,"
                        + " cancelled, created_at, expires_at, public_key)"
                        + " VALUES (?, (SELECT id FROM fleet WHERE name = ?), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                claim.id(),
                claim.fleet().value(),
                claim.device().map(DeviceId::value).orElse(null),
                claim.device().map(DeviceId::caseFolded).orElse(null),
                claim.allowedIds().map(ids -> String.join(" ", ids.patterns())).orElse(null),
                claim.uses(),
                claim.used(),
                claim.approval(),
                secretSha256.bytes(),
                claim.cancelled(),
                claim.createdAt().toEpochMilli(),
                claim.expiresAt().toEpochMilli(),
                bytes(claim.publicKey()));
    }

    void update(Claim claim) {
        db.execute(
                "UPDATE claim SET cancelled = ?, used = ? WHERE name = ?", claim.cancelled(), claim.used(), claim.id());
    }

    void save(ClaimUse use) {
        db.execute(
                "INSERT INTO claim_use (claim_id, device, folded, key_sha256, state, at, address, certificate)"
                        + " VALUES ((SELECT id FROM claim WHERE name = ?), ?, ?, ?, ?, ?, ?, ?)"
                        + " ON CONFLICT (claim_id, folded) DO UPDATE SET state = excluded.state,"
                        + " certificate = excluded.certificate",
                use.claim(),
                use.device().value(),
                use.device().caseFolded(),
                use.key().bytes(),
                use.state().word(),
                use.at().toEpochMilli(),
                use.address(),
                bytes(use.certificate()));
    }

    int cancelOf(DeviceId device) {
        return db.execute(
                "UPDATE claim SET cancelled = 1 WHERE folded = ? AND used = 0 AND cancelled = 0", device.caseFolded());
    }

    /** Two statements, so that each finds its index. */
    int endRequestsOf(DeviceId device) {
        return db.execute(
                        "UPDATE claim_use SET state = 'rejected' WHERE folded = ? AND state = 'pending'",
                        device.caseFolded())
                + db.execute(
                        "UPDATE claim_use SET state = 'rejected' WHERE folded = ? AND state = 'approved'",
                        device.caseFolded());
    }

    private static byte @Nullable [] bytes(Optional<Fingerprint> fingerprint) {
        return fingerprint.map(Fingerprint::bytes).orElse(null);
    }
}
