package io.gatehouse.broker.enforce;

import io.gatehouse.broker.admit.CoarsePermissions;
import io.gatehouse.broker.control.BrokerControl;
import io.gatehouse.broker.sessions.LiveSession;
import io.gatehouse.identity.RefusalReason;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends live sessions: their rights at once, then the connection, with its word and without its will. */
public final class Closer {
    private static final Logger LOG = LoggerFactory.getLogger(Closer.class);

    private final BrokerControl control;

    public Closer(BrokerControl control) {
        this.control = control;
    }

    /** Completes when the socket is closed, with whether it was this call that ended the session. Never fails. */
    public CompletionStage<Boolean> close(LiveSession session, RefusalReason reason) {
        boolean first = session.end(reason);
        try {
            // HiveMQ decides the will by these once more, in case the client has only just been registered.
            CoarsePermissions.denyAll(session.context().getDefaultPermissions());
            return control.disconnect(session.clientId(), reason).handle((closed, failure) -> {
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
}
