package io.gatehouse.broker.wiring;

import io.gatehouse.broker.enforce.Enforcer;
import io.gatehouse.identity.DeviceId;
import java.util.concurrent.ConcurrentSkipListSet;

/**
 * Answers for the revisions that went by without enforcement, as soon as a later one is enforced as a whole: the service waits for an
 * answer to each. Thread-safe.
 */
final class Unanswered implements Enforcer.Acknowledgement {
    private final Enforcer.Acknowledgement acknowledgement;
    private final ConcurrentSkipListSet<Long> passed = new ConcurrentSkipListSet<>();

    Unanswered(Enforcer.Acknowledgement acknowledgement) {
        this.acknowledgement = acknowledgement;
    }

    /** What this revision asks for is left to a later one. */
    void passed(long revision) {
        passed.add(revision);
    }

    boolean isEmpty() {
        return passed.isEmpty();
    }

    @Override
    public void enforced(long revision, int sessions, long nanos) {
        acknowledgement.enforced(revision, sessions, nanos);
        for (Long earlier = passed.pollFirst(); earlier != null; earlier = passed.pollFirst()) {
            if (earlier > revision) {
                passed.add(earlier);
                return;
            }
            if (earlier < revision) {
                acknowledgement.enforced(earlier, 0, nanos);
            }
        }
    }

    @Override
    public void purged(DeviceId device, long revision) {
        acknowledgement.purged(device, revision);
    }
}
