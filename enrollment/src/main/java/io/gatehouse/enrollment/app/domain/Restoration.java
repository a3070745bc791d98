package io.gatehouse.enrollment.app.domain;

import java.time.Instant;
import java.util.Optional;

/**
 * The restore that a registry comes from. What happened after {@code backupAt} is not in the backup; brokers may know parts of it.
 *
 * @param epoch of the directory in the backup: a broker that is in it further than {@code revision} is a witness
 * @param auditSeq the last row of the audit in the backup
 * @param until witnesses are asked until then
 * @param finishedAt since when no witness is asked any more, by an administrator's word or because all have spoken
 */
public record Restoration(
        String epoch,
        long revision,
        long auditSeq,
        Instant backupAt,
        Instant restoredAt,
        Instant until,
        Optional<Instant> finishedAt) {

    /** Whether witnesses are still asked. */
    public boolean open(Instant now) {
        return finishedAt.isEmpty() && now.isBefore(until);
    }
}
