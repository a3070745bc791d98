package io.gatehouse.enrollment.app;

import io.gatehouse.enrollment.app.domain.AuditCheckpoint;
import io.gatehouse.enrollment.app.domain.AuditEntry;
import io.gatehouse.enrollment.app.port.View;
import java.util.Optional;
import java.util.function.Consumer;

/** Puts each checkpoint behind the row that it is about; one query a checkpoint, none a row. For one thread, inside one view. */
public final class AuditWalk {
    private final View view;
    private final Consumer<AuditEntry> entries;
    private final Consumer<AuditCheckpoint> checkpoints;
    private Optional<AuditCheckpoint> next;

    /** @param after the row after which the walk begins */
    public AuditWalk(View view, long after, Consumer<AuditEntry> entries, Consumer<AuditCheckpoint> checkpoints) {
        this.view = view;
        this.entries = entries;
        this.checkpoints = checkpoints;
        this.next = view.checkpointAfter(after);
    }

    public void entry(AuditEntry entry) {
        while (next.isPresent() && next.get().seq() < entry.seq()) {
            tell(next.get());
        }
        entries.accept(entry);
        if (next.isPresent() && next.get().seq() == entry.seq()) {
            tell(next.get());
        }
    }

    /** What is left are checkpoints of rows that are not there. */
    public void end() {
        while (next.isPresent()) {
            tell(next.get());
        }
    }

    private void tell(AuditCheckpoint checkpoint) {
        checkpoints.accept(checkpoint);
        next = view.checkpointAfter(checkpoint.seq());
    }
}
