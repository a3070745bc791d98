package io.gatehouse.broker.enforce;

import io.gatehouse.broker.admit.LiveRights;
import io.gatehouse.broker.control.BrokerControl;
import io.gatehouse.broker.control.Later;
import io.gatehouse.broker.sessions.LiveSession;
import io.gatehouse.broker.sessions.Sessions;
import io.gatehouse.identity.RefusalReason;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends live sessions: their rights at once, then the connection, with its word and without its will. */
public final class Closer {
    private static final Logger LOG = LoggerFactory.getLogger(Closer.class);

    /** HiveMQ takes a millisecond or two. */
    private static final long PATIENCE_MILLIS = 500;

    private final Sessions sessions;
    private final BrokerControl control;
    private final Later later;

    public Closer(Sessions sessions, BrokerControl control, Later later) {
        this.sessions = sessions;
        this.control = control;
        this.later = later;
    }

    /** Completes when the socket is closed, with whether it was this call that ended the session. Never fails. */
    public CompletionStage<Boolean> close(LiveSession session, RefusalReason reason) {
        boolean first = LiveRights.take(session, reason);
        try {
            if (isTakenOver(session)) {
                // The broker closes it, and knows another connection by its client id now.
                session.cut();
                return CompletableFuture.completedFuture(first);
            }
            var closing = control.disconnect(session.clientId(), reason).toCompletableFuture();
            if (!closing.isDone()) {
                later.after(PATIENCE_MILLIS, () -> {
                    if (!closing.isDone()) {
                        LOG.warn("{} does not take its DISCONNECT; its connection is cut.", session.clientId());
                        session.cut();
                    }
                });
            }
            return closing.handle((closed, failure) -> {
                if (failure != null) {
                    LOG.error(
                            "{} could not be disconnected ({}); it may do nothing more.",
                            session.clientId(),
                            reason,
                            failure);
                }
                return first;
            });
        } catch (RuntimeException e) {
            LOG.error("{} could not be disconnected ({}); it may do nothing more.", session.clientId(), reason, e);
            return CompletableFuture.completedFuture(first);
        }
    }

    private boolean isTakenOver(LiveSession session) {
        return sessions.of(session.device()).stream()
                .anyMatch(other -> other != session
                        && other.clientId().equals(session.clientId())
                        && other.ended().isEmpty()
                        && !other.origin().since().isBefore(session.origin().since()));
    }
}
