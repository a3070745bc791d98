package io.gatehouse.enrollment.app.domain;

import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * What a fleet asks of who wants a certificate.
 *
 * @param keys the kinds of keys that are accepted for a new certificate; at least one
 * @param expiredGrace how long after its end a certificate may still be renewed; zero: not at all
 * @param factory how devices enroll with a factory certificate, when they may
 */
public record EnrollmentRules(Set<KeyKind> keys, Duration expiredGrace, Optional<FactoryRule> factory) {
    public static final EnrollmentRules DEFAULT = new EnrollmentRules(KeyKind.DEFAULT, Duration.ZERO, Optional.empty());

    public EnrollmentRules {
        keys = keys.isEmpty() ? Set.of() : Collections.unmodifiableSet(EnumSet.copyOf(keys));
    }
}
