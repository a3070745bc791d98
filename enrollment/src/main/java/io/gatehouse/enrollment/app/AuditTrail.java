package io.gatehouse.enrollment.app;

import io.gatehouse.enrollment.app.domain.AuditCheck;
import io.gatehouse.enrollment.app.domain.AuditEntry;
import io.gatehouse.enrollment.app.domain.Listing;
import io.gatehouse.enrollment.app.domain.Outcome;
import io.gatehouse.enrollment.app.domain.Page;
import io.gatehouse.enrollment.app.port.Registry;
import io.gatehouse.enrollment.app.port.View;

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

    /** Walks the whole chain with its checkpoints, by the keys that the registry names itself. */
    public AuditCheck.Result verify() {
        return registry.read(AuditTrail::verify);
    }

    private static AuditCheck.Result verify(View view) {
        var keys = view.checkpointKeys();
        var check = new AuditCheck(view.auditGenesis(), keys);
        var walk = new AuditWalk(view, 0, check::entry, check::checkpoint);
        view.audit(walk::entry);
        walk.end();
        check.named(keys.keySet());
        return check.result();
    }
}
