package io.gatehouse.enrollment.app;

import io.gatehouse.enrollment.app.domain.EnrollmentRules;
import io.gatehouse.enrollment.app.domain.FactoryRule;
import io.gatehouse.enrollment.app.domain.FactoryRule.IdSource;
import io.gatehouse.enrollment.app.domain.KeyKind;
import io.gatehouse.enrollment.app.domain.Outcome;
import io.gatehouse.identity.RefusalReason;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** What is to change in a fleet's enrollment rules; empty stays. */
public record RulesPatch(Optional<Set<KeyKind>> keys, Optional<Duration> expiredGrace, Optional<FactoryPatch> factory) {
    public static final RulesPatch NONE = new RulesPatch(Optional.empty(), Optional.empty(), Optional.empty());
    public static final Duration LONGEST_GRACE = Duration.ofDays(366);

    /** What is to change in the rule for factory certificates; empty stays, {@code removed} takes the rule away. */
    public record FactoryPatch(
            boolean removed, Optional<String> anchors, Optional<IdSource> id, Optional<Boolean> acceptExpired) {
        public static final FactoryPatch REMOVED =
                new FactoryPatch(true, Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** The rules with this change, within bounds. */
    Outcome<EnrollmentRules> on(EnrollmentRules rules) {
        var wantedKeys = keys.orElse(rules.keys());
        if (wantedKeys.isEmpty()) {
            return Outcome.refused(RefusalReason.BAD_REQUEST, "certificate.keys: at least one kind");
        }
        var grace = expiredGrace.orElse(rules.expiredGrace());
        if (grace.isNegative() || grace.compareTo(LONGEST_GRACE) > 0) {
            return Outcome.refused(RefusalReason.BAD_REQUEST, "enrollment.expiredGrace: PT0S to P366D");
        }
        return factory(rules.factory()).map(rule -> new EnrollmentRules(wantedKeys, grace, rule));
    }

    private Outcome<Optional<FactoryRule>> factory(Optional<FactoryRule> before) {
        if (factory.isEmpty()) {
            return Outcome.done(before);
        }
        var change = factory.get();
        if (change.removed()) {
            return Outcome.done(Optional.empty());
        }
        var anchors = change.anchors().or(() -> before.map(FactoryRule::anchors));
        if (anchors.isEmpty()) {
            return Outcome.refused(RefusalReason.BAD_REQUEST, "enrollment.factory.anchors: is needed");
        }
        return FactoryAnchors.sound(anchors.get())
                .map(sound -> Optional.of(new FactoryRule(
                        sound,
                        change.id().or(() -> before.map(FactoryRule::id)).orElse(IdSource.SERIAL_NUMBER),
                        change.acceptExpired()
                                .or(() -> before.map(FactoryRule::acceptExpired))
                                .orElse(false))));
    }
}
