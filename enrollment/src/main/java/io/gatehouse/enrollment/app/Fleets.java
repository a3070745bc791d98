package io.gatehouse.enrollment.app;

import io.gatehouse.enrollment.app.domain.Actor;
import io.gatehouse.enrollment.app.domain.EnrollmentRules;
import io.gatehouse.enrollment.app.domain.FactoryRule;
import io.gatehouse.enrollment.app.domain.Fleet;
import io.gatehouse.enrollment.app.domain.KeyKind;
import io.gatehouse.enrollment.app.domain.Listing;
import io.gatehouse.enrollment.app.domain.Outcome;
import io.gatehouse.enrollment.app.domain.Page;
import io.gatehouse.enrollment.app.port.Registry;
import io.gatehouse.enrollment.app.port.View;
import io.gatehouse.identity.FleetKind;
import io.gatehouse.identity.FleetName;
import io.gatehouse.identity.FleetState;
import io.gatehouse.identity.RefusalReason;
import io.gatehouse.identity.policy.DefaultPolicies;
import io.gatehouse.identity.policy.Policy;
import io.gatehouse.x509.Certificates;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes, shows and changes fleets. Thread-safe. */
public final class Fleets {
    public static final Duration DEFAULT_LIFETIME = Duration.ofDays(90);
    public static final Duration SHORTEST_LIFETIME = Duration.ofSeconds(5);
    public static final Duration LONGEST_LIFETIME = Duration.ofDays(20 * 366);
    public static final int MOST_SESSIONS = 10_000;

    private final Registry registry;
    private final InstantSource clock;

    public Fleets(Registry registry, InstantSource clock) {
        this.registry = registry;
        this.clock = clock;
    }

    /** A new fleet; what is empty takes its default. */
    public record NewFleet(
            FleetName name,
            FleetKind kind,
            Optional<Duration> lifetime,
            Optional<Integer> sessionsMax,
            Optional<Policy> policy,
            RulesPatch rules) {}

    /** What is to change; empty stays. */
    public record Patch(
            Optional<Duration> lifetime, Optional<Integer> sessionsMax, Optional<Policy> policy, RulesPatch rules) {}

    public Outcome<Fleet> create(Actor actor, NewFleet wanted) {
        return wanted.rules()
                .on(EnrollmentRules.DEFAULT)
                .then(rules -> sound(new Fleet(
                        wanted.name(),
                        wanted.kind(),
                        FleetState.ACTIVE,
                        wanted.lifetime().orElse(DEFAULT_LIFETIME),
                        wanted.sessionsMax().orElse(1),
                        wanted.policy().orElseGet(() -> DefaultPolicies.of(wanted.kind())),
                        rules,
                        1,
                        clock.instant())))
                .then(sound -> registry.write(transaction -> {
                    if (transaction.fleet(sound.name()).isPresent()) {
                        return Outcome.refused(RefusalReason.ALREADY_EXISTS, "there is a fleet of this name");
                    }
                    transaction.save(sound);
                    transaction.audit(actor, "fleet.create", sound.name().value(), shown(sound));
                    return Outcome.done(sound);
                }));
    }

    public Outcome<Listing<Fleet>> list(Page page) {
        var found = registry.read(view -> view.fleets(page.after().orElse(""), page.limit() + 1));
        return Outcome.done(
                Listing.of(found, page.limit(), fleet -> fleet.name().value()));
    }

    public Outcome<Fleet> get(FleetName name) {
        return registry.read(view -> find(view, name));
    }

    public Outcome<Fleet> patch(Actor actor, FleetName name, Patch patch) {
        return registry.write(transaction -> find(transaction, name)
                .then(fleet -> patch.rules()
                        .on(fleet.rules())
                        .then(rules -> sound(fleet.with(
                                patch.lifetime().orElse(fleet.lifetime()),
                                patch.sessionsMax().orElse(fleet.sessionsMax()),
                                patch.policy().orElse(fleet.policy()),
                                rules)))
                        .map(changed -> {
                            transaction.save(changed);
                            transaction.audit(actor, "fleet.change", name.value(), shown(changed));
                            return changed;
                        })));
    }

    /** One change, however large the fleet: nobody of it may connect or enroll. Done also when it is suspended already. */
    public Outcome<Fleet> suspend(Actor actor, FleetName name) {
        return turn(actor, name, FleetState.SUSPENDED, "fleet.suspend");
    }

    public Outcome<Fleet> resume(Actor actor, FleetName name) {
        return turn(actor, name, FleetState.ACTIVE, "fleet.resume");
    }

    private Outcome<Fleet> turn(Actor actor, FleetName name, FleetState state, String action) {
        return registry.write(transaction -> find(transaction, name).map(fleet -> {
            if (fleet.state() == state) {
                return fleet;
            }
            var turned = fleet.withState(state);
            transaction.save(turned);
            transaction.audit(actor, action, name.value(), Map.of());
            return turned;
        }));
    }

    static Outcome<Fleet> find(View view, FleetName name) {
        return view.fleet(name)
                .<Outcome<Fleet>>map(Outcome::done)
                .orElseGet(() -> Outcome.refused(RefusalReason.UNKNOWN_FLEET));
    }

    /** Whether its values are within bounds. */
    static Outcome<Fleet> sound(Fleet fleet) {
        if (fleet.lifetime().compareTo(SHORTEST_LIFETIME) < 0
                || fleet.lifetime().compareTo(LONGEST_LIFETIME) > 0) {
            return Outcome.refused(RefusalReason.BAD_REQUEST, "certificate.lifetime: PT5S to 20 years");
        }
        if (fleet.sessionsMax() < 1 || fleet.sessionsMax() > MOST_SESSIONS) {
            return Outcome.refused(RefusalReason.BAD_REQUEST, "sessions.max: 1 to " + MOST_SESSIONS);
        }
        return Policies.sound(fleet.policy()) ? Outcome.done(fleet) : Outcome.refused(RefusalReason.TOO_LARGE);
    }

    private static Map<String, Object> shown(Fleet fleet) {
        var shown = new LinkedHashMap<String, Object>();
        shown.put("kind", fleet.kind().word());
        shown.put("lifetime", fleet.lifetime().toString());
        shown.put("sessionsMax", fleet.sessionsMax());
        shown.put("rules", fleet.policy().rules().size());
        shown.put("keys", fleet.rules().keys().stream().map(KeyKind::word).toList());
        shown.put("expiredGrace", fleet.rules().expiredGrace().toString());
        fleet.rules().factory().ifPresent(rule -> {
            shown.put("factoryAnchors", fingerprints(rule));
            shown.put("factoryId", rule.id().word());
            shown.put("factoryAcceptExpired", rule.acceptExpired());
        });
        shown.put("version", fleet.version());
        return shown;
    }

    private static List<String> fingerprints(FactoryRule rule) {
        return FactoryAnchors.read(rule.anchors()).stream()
                .map(anchor -> Certificates.fingerprint(anchor).hex())
                .toList();
    }
}
