package io.gatehouse.enrollment.app.domain;

import io.gatehouse.identity.BrokerName;
import java.time.Instant;
import java.util.Optional;

/**
 * A registered broker node.
 *
 * @param lastSeen when it last opened the feed or reported
 * @param position the last directory revision it confirmed in this epoch; empty when it never synchronised, and so admits nobody
 */
public record Broker(BrokerName name, Instant enrolledAt, Optional<Instant> lastSeen, Optional<Long> position) {}
