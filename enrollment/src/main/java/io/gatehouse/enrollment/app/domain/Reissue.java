package io.gatehouse.enrollment.app.domain;

import java.time.Instant;

/**
 * An order to a fleet: every certificate that was issued before it is to be renewed, spread over the time until its end. Which ones
 * it concerns is decided by the order of issue, not by the clock.
 */
public record Reissue(Instant startedAt, Instant until) {}
