package io.gatehouse.broker.enforce;

import io.gatehouse.admission.replica.Directory;
import io.gatehouse.admission.replica.View;
import io.gatehouse.broker.admit.DeliveryFilter;
import io.gatehouse.broker.admit.LiveRights;
import io.gatehouse.broker.admit.StoredSessions;
import io.gatehouse.broker.admit.SubscriptionRecheck;
import io.gatehouse.broker.sessions.Grant;
import io.gatehouse.broker.sessions.LiveSession;
import io.gatehouse.broker.sessions.Wills;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.RefusalReason;
import io.gatehouse.identity.policy.PolicySubject;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the rights of live sessions those of the directory: policy, fleet, attributes. Thread-safe. */
public final class Rights {
    private static final Logger LOG = LoggerFactory.getLogger(Rights.class);

    private final Directory directory;
    private final StoredSessions stored;
    private final Wills wills;
    private final Closer closer;

    public Rights(Directory directory, StoredSessions stored, Wills wills, Closer closer) {
        this.directory = directory;
        this.stored = stored;
        this.wills = wills;
        this.closer = closer;
    }

    /**
     * Gives the session the rights of now, takes subscriptions away that these no longer cover, and drops what is queued for them. Why it
     * has to end all the same: the broker holds a will of it that it may not leave any more, or that nobody knows, and would publish it;
     * only with the connection can that be taken away.
     */
    Optional<RefusalReason> refresh(LiveSession session) {
        if (!LiveRights.give(session, () -> grant(session))) {
            return Optional.empty();
        }
        if (!mayLeaveItsWill(session)) {
            return Optional.of(RefusalReason.TOPIC_NOT_ALLOWED);
        }
        if (session.context().getPublishOutboundInterceptors().isEmpty()) {
            session.context().addPublishOutboundInterceptor(new DeliveryFilter(session));
        }
        if (session.context().getSubackOutboundInterceptors().isEmpty()) {
            session.context().addSubackOutboundInterceptor(new SubscriptionRecheck(() -> narrow(session)));
        }
        narrow(session);
        return Optional.empty();
    }

    private void narrow(LiveSession session) {
        stored.removeForbidden(session.clientId(), session.grant()).whenComplete((done, failure) -> {
            if (failure != null) {
                LOG.error(
                        "The subscriptions of {} could not be narrowed; it is disconnected.",
                        session.clientId(),
                        failure);
                closer.close(session, RefusalReason.INTERNAL_ERROR);
            }
        });
    }

    private boolean mayLeaveItsWill(LiveSession session) {
        var left = wills.of(session.clientId());
        return left.isPresent()
                && left.get().will().map(session.grant()::mayLeave).orElse(true);
    }

    private Optional<Grant> grant(LiveSession session) {
        return directory.read(view -> grant(view, session.device()));
    }

    /** What a device may do, if it is there. */
    static Optional<Grant> grant(View view, DeviceId id) {
        return view.device(id)
                .flatMap(device -> view.fleet(device.fleet())
                        .map(fleet -> new Grant(
                                new PolicySubject(device.id(), device.fleet(), device.attributes()), fleet.policy())));
    }
}
