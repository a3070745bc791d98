package io.gatehouse.enrollment.app.domain;

import io.gatehouse.identity.BrokerName;
import io.gatehouse.identity.DeviceId;
import java.util.List;

/**
 * What came of an act that ends sessions. The act itself is durable, whatever the brokers did.
 *
 * @param millis from the commit to the last broker's report, on the service's monotonic clock; rounded up
 */
public record Enforcement(DeviceId device, int sessions, long millis, List<AtBroker> brokers) {
    /** One broker's part; {@code away} when it did not report in time and so may still hold a session. */
    public record AtBroker(BrokerName broker, boolean enforced, int sessions, long millis) {
        public String state() {
            return enforced ? "enforced" : "away";
        }
    }

    /** Every registered broker has confirmed. */
    public boolean complete() {
        return brokers.stream().allMatch(AtBroker::enforced);
    }
}
