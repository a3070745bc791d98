package io.gatehouse.enrollment.app.domain;

import io.gatehouse.identity.BrokerName;
import java.time.Instant;
import java.util.Optional;

/**
 * A registered broker node.
 *
 * @param lastSeen when it last opened the feed or reported
 * @param position where it first stood in the directory; empty when it never had the directory, and so admits nobody
 */
public record Broker(BrokerName name, Instant enrolledAt, Optional<Instant> lastSeen, Optional<Long> position) {}
