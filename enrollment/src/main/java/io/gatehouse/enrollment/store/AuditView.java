package io.gatehouse.enrollment.store;

import io.gatehouse.enrollment.app.domain.AuditChain;
import io.gatehouse.enrollment.app.domain.AuditCheckpoint;
import io.gatehouse.enrollment.app.domain.AuditEntry;
import io.gatehouse.enrollment.app.domain.Restoration;
import io.gatehouse.enrollment.app.domain.Witness;
import io.gatehouse.enrollment.app.port.View;
import io.gatehouse.identity.BrokerName;
import io.gatehouse.identity.Fingerprint;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** How rows are read, and what was done here: the audit, its checkpoints, the restore. For one thread. */
abstract class AuditView implements View {
    final Sql db;

    AuditView(Sql db) {
        this.db = db;
    }

    final <T> Optional<T> one(Sql.Row<T> mapper, String sql, Object... arguments) {
        var found = many(mapper, sql, arguments);
        if (found.size() > 1) {
            throw new IllegalStateException("more than one row: " + sql);
        }
        return found.isEmpty() ? Optional.empty() : Optional.ofNullable(found.get(0));
    }

    final <T> List<T> many(Sql.Row<T> mapper, String sql, Object... arguments) {
        var found = new ArrayList<T>();
        db.query(mapper, found::add, sql, arguments);
        return found;
    }

    final <T> void each(Sql.Row<T> mapper, Consumer<? super T> sink, String sql, Object... arguments) {
        db.query(mapper, sink, sql, arguments);
    }

    @Override
    public List<AuditEntry> audit(long after, int limit) {
        return many(Rows::audit, Rows.AUDIT + " WHERE seq > ? ORDER BY seq LIMIT ?", after, limit);
    }

    @Override
    public List<AuditEntry> auditBefore(long before, int limit) {
        return many(Rows::audit, Rows.AUDIT + " WHERE seq < ? ORDER BY seq DESC LIMIT ?", before, limit);
    }

    @Override
    public void audit(Consumer<AuditEntry> sink) {
        each(Rows::audit, sink, Rows.AUDIT + " ORDER BY seq");
    }

    @Override
    public Fingerprint auditGenesis() {
        return one(row -> AuditChain.genesis(row.getString(1)), "SELECT name FROM home")
                .orElseThrow();
    }

    @Override
    public Optional<Restoration> restoration() {
        return RestorationRows.restoration(this);
    }

    @Override
    public List<Witness> witnesses() {
        return RestorationRows.witnesses(this);
    }

    @Override
    public Optional<Witness> witness(BrokerName broker) {
        return RestorationRows.witness(this, broker);
    }

    @Override
    public Optional<AuditCheckpoint> lastCheckpoint() {
        return CheckpointRows.last(this);
    }

    @Override
    public Optional<AuditCheckpoint> checkpointAfter(long seq) {
        return CheckpointRows.after(this, seq);
    }

    @Override
    public List<AuditCheckpoint> checkpointsNotCopied(int limit) {
        return CheckpointRows.notCopied(this, limit);
    }

    @Override
    public Map<Fingerprint, PublicKey> checkpointKeys() {
        return CheckpointRows.keys(this);
    }
}
