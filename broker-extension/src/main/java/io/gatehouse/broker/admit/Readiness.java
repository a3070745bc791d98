package io.gatehouse.broker.admit;

import io.gatehouse.admission.decision.Admission;
import io.gatehouse.admission.replica.Directory;
import io.gatehouse.identity.RefusalReason;

/** Whether the doorkeeper can decide at all. Starts closed; thread-safe. */
public final class Readiness {
    /** Where the door stands. */
    public sealed interface State {}

    /** Everybody is refused with this reason; {@code why} is one sentence for the operator. */
    public record Closed(RefusalReason reason, String why) implements State {}

    /** Decisions are made on this directory (which may itself say that it is not synchronised, or stale). */
    public record Open(Admission admission, Directory directory) implements State {}

    private volatile State state = new Closed(RefusalReason.NOT_SYNCHRONISED, "the extension is starting");

    private boolean forGood;

    public State state() {
        return state;
    }

    public synchronized void close(RefusalReason reason, String why) {
        state = new Closed(reason, why);
    }

    /** Nothing opens it again. */
    public synchronized void closeForGood(RefusalReason reason, String why) {
        close(reason, why);
        forGood = true;
    }

    public synchronized void open(Admission admission, Directory directory) {
        if (!forGood) {
            state = new Open(admission, directory);
        }
    }
}
