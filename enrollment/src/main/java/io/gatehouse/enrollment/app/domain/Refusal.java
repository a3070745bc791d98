package io.gatehouse.enrollment.app.domain;

import io.gatehouse.identity.RefusalReason;
import java.time.Instant;
import java.util.Optional;

/**
 * Something that was refused, kept in a bounded ring in memory.
 *
 * @param where {@code est}, {@code api}, or {@code broker:NAME}
 */
public record Refusal(
        Instant at,
        String where,
        RefusalReason reason,
        Optional<String> clientId,
        Optional<String> device,
        Optional<String> certificate,
        String address) {}
