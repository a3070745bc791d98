package io.gatehouse.enrollment.audit;

import io.gatehouse.enrollment.app.AuditWalk;
import io.gatehouse.enrollment.app.domain.AuditCheck;
import io.gatehouse.enrollment.app.port.View;
import io.gatehouse.identity.Fingerprint;
import java.security.PublicKey;
import java.util.Map;
import java.util.Optional;

/** Checks the audit inside a registry's file, without a service. For one file, on one thread. */
public final class AuditDatabase {
    private final Optional<Map<Fingerprint, PublicKey>> trusted;
    private final KnownCheckpoints known;
    private final boolean mustVouch;
    private Map<Fingerprint, PublicKey> keys = Map.of();

    /**
     * @param trusted the keys whose checkpoints count; absent: those that the registry names itself
     * @param known checkpoints that were kept elsewhere
     * @param mustVouch whether entries hold only when one of these keys has vouched for some of them
     */
    public AuditDatabase(Optional<Map<Fingerprint, PublicKey>> trusted, KnownCheckpoints known, boolean mustVouch) {
        this.trusted = trusted;
        this.known = known;
        this.mustVouch = mustVouch;
    }

    /** A row that cannot even be read counts as changed. */
    public AuditCheck.Result verify(View view, Optional<String> damage) {
        keys = trusted.orElseGet(view::checkpointKeys);
        var check = new AuditCheck(view.auditGenesis(), keys);
        known.begin(check.genesis(), keys);
        try {
            var walk = new AuditWalk(view, 0, check::entry, check::checkpoint);
            view.audit(entry -> {
                walk.entry(entry);
                known.entry(entry, check);
            });
            walk.end();
            check.named(view.checkpointKeys().keySet());
        } catch (RuntimeException e) {
            // whatever a changed byte makes of it: text that is no number, a blob that is too short, a damaged page
            check.broken(check.seq() + 1, "entry " + (check.seq() + 1) + " or its checkpoint cannot be read");
        }
        known.end(check);
        if (mustVouch && check.seq() > 0 && check.signers().isEmpty()) {
            check.unproven("no checkpoint of a key that was given vouches for any of the " + check.seq() + " entries");
        }
        damage.ifPresent(what -> check.broken(check.seq(), "the database is damaged: " + what));
        return check.result();
    }

    /** The keys by which checkpoints were judged. */
    public Map<Fingerprint, PublicKey> keys() {
        return keys;
    }
}
