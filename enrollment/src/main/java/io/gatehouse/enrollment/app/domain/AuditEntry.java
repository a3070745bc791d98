package io.gatehouse.enrollment.app.domain;

import io.gatehouse.identity.Fingerprint;
import java.time.Instant;

/**
 * One row of the audit.
 *
 * @param detail a JSON object
 * @param previous the hash of the row before; of the first row, the genesis that is bound to this home
 * @param hash SHA-256 over the canonical bytes of this row, the previous hash among them
 */
public record AuditEntry(
        long seq,
        Instant time,
        String actor,
        String action,
        String subject,
        String detail,
        Fingerprint previous,
        Fingerprint hash) {

    /** The action of the entry that a restore begins with; its detail names the epoch that it ended. */
    public static final String RESTORED = "home.restore";
}
