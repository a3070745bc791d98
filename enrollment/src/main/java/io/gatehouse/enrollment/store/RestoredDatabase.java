package io.gatehouse.enrollment.store;

import io.gatehouse.enrollment.app.domain.Actor;
import io.gatehouse.enrollment.app.domain.AuditEntry;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/** Makes the database of a backup ready to go on: a new epoch, nothing left that opens a door by what was known before. Stateless. */
public final class RestoredDatabase {
    private RestoredDatabase() {}

    /**
     * What the backup knew.
     *
     * @param lastAct the time of the last row of its audit
     * @param claims how many open claims were cancelled
     */
    public record Begun(
            String formerEpoch,
            long revision,
            long auditSeq,
            Optional<Instant> lastAct,
            List<String> brokers,
            int claims,
            int requests) {}

    /**
     * In one transaction: the epoch, the claims and the requests that wait, the note of the restore, the entry in the audit. Once for
     * each restored file, which nobody else may have open.
     *
     * @param until witnesses are asked until then; now or earlier: not at all
     */
    public static Begun begin(Path file, Instant backupAt, Instant until, InstantSource clock) {
        var database = Database.openExisting(file);
        try (var db = database.connect()) {
            db.execute("BEGIN IMMEDIATE");
            var view = new SqliteView(db);
            var heads = Heads.read(view);
            var position = view.position();
            int claims = db.execute("UPDATE claim SET cancelled = 1 WHERE cancelled = 0 AND used < uses");
            int requests = db.execute("UPDATE claim_use SET state = 'rejected' WHERE state IN ('pending', 'approved')");
            // the right of a reinstated device to come back with its key is one to enroll, as a claim is
            db.execute("UPDATE device SET shown = 'revoked' WHERE shown = 'reinstated'");
            db.execute("UPDATE device SET reinstated = 0 WHERE reinstated = 1");
            db.execute("UPDATE home SET epoch = ?", Database.random());
            db.execute("DELETE FROM change");
            db.execute("DELETE FROM witness");
            var now = clock.instant();
            db.execute(
                    "INSERT OR REPLACE INTO restoration (id, epoch, revision, audit_seq, backup_at, restored_at, until,"
                            + " finished_at) VALUES (1, ?, ?, ?, ?, ?, ?, ?)",
                    position.epoch(),
                    position.revision(),
                    heads.auditSeq(),
                    backupAt.toEpochMilli(),
                    now.toEpochMilli(),
                    until.toEpochMilli(),
                    until.isAfter(now) ? null : now.toEpochMilli());
            var begun = new Begun(
                    position.epoch(),
                    position.revision(),
                    heads.auditSeq(),
                    view.auditBefore(Long.MAX_VALUE, 1).stream().findFirst().map(AuditEntry::time),
                    view.brokers().stream().map(broker -> broker.name().value()).toList(),
                    claims,
                    requests);
            var detail = new LinkedHashMap<String, Object>();
            detail.put("epoch", begun.formerEpoch());
            detail.put("revision", begun.revision());
            detail.put("backupAt", backupAt.toString());
            detail.put("claimsCancelled", claims);
            detail.put("requestsRejected", requests);
            detail.put("witnesses", until.isAfter(now) ? "until " + until : "none");
            new SqliteTransaction(db, heads, clock).audit(Actor.SYSTEM, AuditEntry.RESTORED, "home", detail);
            db.execute("COMMIT");
            return begun;
        } catch (RuntimeException e) {
            throw Failures.translate(e);
        }
    }
}
