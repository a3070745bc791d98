package io.gatehouse.broker.admit;

import io.gatehouse.broker.sessions.Grant;
import io.gatehouse.broker.sessions.LiveSession;
import io.gatehouse.identity.RefusalReason;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a live session's rights, ours and HiveMQ's together. Two threads may do so at once, the feed's after a change and the one that
 * registers the client: what the directory says is read while nobody else writes, so that the newest revision is written last, and
 * nothing is ever written after the session's end. Thread-safe.
 */
public final class LiveRights {
    private static final Logger LOG = LoggerFactory.getLogger(LiveRights.class);

    private LiveRights() {}

    /** Gives the session what {@code newest} says; true when that is something else than it had. Not when nothing is said or it ends. */
    public static boolean give(LiveSession session, Supplier<Optional<Grant>> newest) {
        synchronized (session) {
            var now = newest.get();
            if (now.isEmpty() || session.ended().isPresent()) {
                return false;
            }
            boolean other = !now.get().equals(session.grant());
            session.grant(now.get());
            CoarsePermissions.allow(session.context().getDefaultPermissions(), now.get());
            return other;
        }
    }

    /** Ends the session's rights; true for the first who says so. Never throws. */
    public static boolean take(LiveSession session, RefusalReason reason) {
        synchronized (session) {
            boolean first = session.end(reason);
            try {
                // HiveMQ decides the will by these once more, in case the client has only just been registered.
                CoarsePermissions.denyAll(session.context().getDefaultPermissions());
            } catch (RuntimeException e) {
                LOG.error("The permissions of {} could not be taken back; ours are.", session.clientId(), e);
            }
            return first;
        }
    }
}
