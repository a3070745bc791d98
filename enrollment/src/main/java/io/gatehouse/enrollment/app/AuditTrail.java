package io.gatehouse.enrollment.app;

import io.gatehouse.enrollment.app.domain.AuditChain;
import io.gatehouse.enrollment.app.domain.AuditEntry;
import io.gatehouse.enrollment.app.domain.Listing;
import io.gatehouse.enrollment.app.domain.Outcome;
import io.gatehouse.enrollment.app.domain.Page;
import io.gatehouse.enrollment.app.port.Registry;
import io.gatehouse.identity.Fingerprint;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Shows the audit and checks its chain. Thread-safe. */
public final class AuditTrail {
    private final Registry registry;

    public AuditTrail(Registry registry) {
        this.registry = registry;
    }

    /** The newest first. */
    public Outcome<Listing<AuditEntry>> list(Page page) {
        return Cursors.number(page, Long.MAX_VALUE)
                .map(before -> Listing.of(
                        registry.read(view -> view.auditBefore(before, page.limit() + 1)),
                        page.limit(),
                        entry -> Long.toString(entry.seq())));
    }

    /** Walks the whole chain. */
    public Verification verify() {
        return registry.read(view -> {
            var check = new Check(view.auditGenesis());
            view.audit(check);
            return new Verification(check.seq, check.head, Optional.ofNullable(check.brokenAt));
        });
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

    private static final class Check implements Consumer<AuditEntry> {
        private Fingerprint head;
        private long seq;
        private @Nullable Long brokenAt;

        Check(Fingerprint genesis) {
            head = genesis;
        }

        @Override
        public void accept(AuditEntry entry) {
            boolean follows = entry.seq() == seq + 1
                    && entry.previous().equals(head)
                    && entry.hash().equals(AuditChain.hash(entry));
            if (!follows && brokenAt == null) {
                brokenAt = entry.seq();
            }
            seq = entry.seq();
            head = entry.hash();
        }
    }
}
