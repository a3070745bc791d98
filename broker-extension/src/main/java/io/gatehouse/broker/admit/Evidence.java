package io.gatehouse.broker.admit;

import io.gatehouse.admission.decision.ConnectRequest;
import io.gatehouse.broker.sessions.LiveSession;
import io.gatehouse.identity.RefusalReason;

/** Who hears what happened at the doors: metrics, reports, log. Never blocks, never throws. */
public interface Evidence {
    void admitted(LiveSession session);

    /** A decision on a CONNECT took so long. */
    void decided(long nanos);

    void refused(RefusalReason reason, ConnectRequest request, String address);

    /** What only observing would have refused. */
    void wouldRefuse(RefusalReason reason, ConnectRequest request, String address);

    /** A client of a listener that is not governed and a device want the same client id; {@code reason}: why one of them was refused. */
    void contested(RefusalReason reason, ConnectRequest request, String address);

    /** The connection is over; {@code word} as reports write it. */
    void closed(LiveSession session, String word);
}
