package io.gatehouse.broker.admit;

import io.gatehouse.admission.replica.Directory;
import io.gatehouse.admission.replica.Position;
import io.gatehouse.broker.control.Later;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * How far enforcement has looked at what the directory holds. Between a change and that look nobody knows whose stored sessions are
 * whose; who has to know waits here. Thread-safe.
 */
public final class Progress {
    private final Later later;
    private final List<CompletableFuture<Void>> waiting = new ArrayList<>();
    private volatile @Nullable Directory directory;
    private volatile Optional<Position> seen = Optional.empty();

    public Progress(Later later) {
        this.later = later;
    }

    /** Whose changes are meant; before that everything is behind. */
    public void follow(Directory changing) {
        directory = changing;
    }

    /** That revision of the present epoch is looked at: nobody whose sessions it wants thrown away can connect. */
    public void reached(long revision) {
        seen = position().map(now -> new Position(now.epoch(), revision));
        List<CompletableFuture<Void>> waited;
        synchronized (waiting) {
            if (behind()) {
                return;
            }
            waited = List.copyOf(waiting);
            waiting.clear();
        }
        if (!waited.isEmpty()) {
            later.now(() -> waited.forEach(one -> one.complete(null)));
        }
    }

    public boolean behind() {
        // In this order: a change in between must not look as if it were seen.
        var looked = seen;
        return looked.isEmpty() || !position().equals(looked);
    }

    /** Completes when enforcement has looked at all that the directory holds at this moment; at once if it has. */
    public CompletionStage<Void> caughtUp() {
        var caughtUp = new CompletableFuture<Void>();
        synchronized (waiting) {
            if (behind()) {
                waiting.add(caughtUp);
                return caughtUp;
            }
        }
        caughtUp.complete(null);
        return caughtUp;
    }

    private Optional<Position> position() {
        var current = directory;
        return current == null
                ? Optional.empty()
                : Optional.of(current.read(view -> new Position(view.epoch(), view.revision())));
    }
}
