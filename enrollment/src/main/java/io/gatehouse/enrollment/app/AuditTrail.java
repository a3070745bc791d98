package io.gatehouse.enrollment.app;

import io.gatehouse.enrollment.app.domain.AuditEntry;
import io.gatehouse.enrollment.app.domain.Listing;
import io.gatehouse.enrollment.app.domain.Outcome;
import io.gatehouse.enrollment.app.domain.Page;
import io.gatehouse.enrollment.app.port.Registry;
import io.gatehouse.identity.Fingerprint;
import java.util.Optional;

/** Shows the audit and checks its chain. Thread-safe. */
public final class AuditTrail {
    public AuditTrail(Registry registry) {}

    /** The newest first. */
    public Outcome<Listing<AuditEntry>> list(Page page) {
        return Soon.soon();
    }

    public Verification verify() {
        return Soon.soon();
    }

    /**
     * @param head the last row's hash, or the genesis: to be kept elsewhere, so that a cut-off tail is seen
     * @param brokenAt the sequence number of the first row that does not follow from the one before
     */
    public record Verification(long entries, Fingerprint head, Optional<Long> brokenAt) {
        public boolean holds() {
            return brokenAt.isEmpty();
        }
    }
}
