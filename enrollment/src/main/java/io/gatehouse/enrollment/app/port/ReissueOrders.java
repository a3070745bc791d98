package io.gatehouse.enrollment.app.port;

import io.gatehouse.enrollment.app.domain.Reissue;
import io.gatehouse.identity.FleetName;

/** Orders to renew, inside a unit of work. */
public interface ReissueOrders extends ReissueView {
    /** Takes the place of an earlier order to the fleet; concerns every certificate that there is now. */
    void start(FleetName fleet, Reissue order);

    /** Keeps the total of this order, unless there is one already or the order is no longer the last. */
    void counted(FleetName fleet, Reissue order, long total);
}
