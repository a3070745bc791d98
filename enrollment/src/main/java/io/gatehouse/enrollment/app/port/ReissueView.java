package io.gatehouse.enrollment.app.port;

import io.gatehouse.enrollment.app.domain.Reissue;
import io.gatehouse.identity.Fingerprint;
import io.gatehouse.identity.FleetName;
import java.util.Optional;
import java.util.OptionalLong;

/** Orders to renew, as one state of the registry has them. */
public interface ReissueView {
    /** The last order to the certificate's fleet, when the certificate was issued before it. */
    Optional<Reissue> due(Fingerprint certificate);

    Optional<Counters> of(FleetName fleet);

    /** Walks over the fleet's devices: how many certificates the order concerns in this state. Not for every request. */
    long countDue(FleetName fleet);

    /**
     * What is kept of an order. Certificates of the total are left for as long as they are neither gone nor joined by others.
     *
     * @param total how many it concerned at first; empty until they are counted
     * @param gone those that were replaced or revoked since, or whose device left the fleet
     * @param joined those whose device came into the fleet since
     */
    record Counters(Reissue order, OptionalLong total, long gone, long joined) {}
}
